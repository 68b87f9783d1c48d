"""Where alerts go: Slack and mail, through Airflow's providers and two connections."""

from __future__ import annotations

import html
from collections.abc import Callable

from airflow.sdk import BaseHook, Connection
from airflow.sdk.exceptions import AirflowNotFoundException

SLACK = "bindery_alerts_slack"
"""Connection of type ``slackwebhook``."""

SMTP = "bindery_alerts_smtp"
"""Connection of type ``smtp``; its extra holds ``to`` (addresses, by comma) and ``from_email``."""

SECONDS = 10
"""Longest wait for a sink. Callbacks run in the DAG processor, which ends them after 50 seconds."""


class NotConfiguredError(Exception):
    """The sink's connection does not exist."""


def to_slack(headline: str, text: str) -> None:
    """Post an alert to the Slack webhook.

    Raises:
        NotConfiguredError: There is no such connection.
    """
    _connection(SLACK)
    from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook  # noqa: PLC0415 - a second to import

    SlackWebhookHook(slack_webhook_conn_id=SLACK, timeout=SECONDS).send(text=f"*{headline}*\n```{text}```")


def to_mail(headline: str, text: str) -> None:
    """Mail an alert.

    Raises:
        NotConfiguredError: There is no such connection, or it names no ``to``.
    """
    recipients = _connection(SMTP).extra_dejson.get("to")
    if not recipients:
        raise NotConfiguredError
    from airflow.providers.smtp.hooks.smtp import SmtpHook  # noqa: PLC0415 - a second to import

    class Mailbox(SmtpHook):
        """The provider's hook waits up to 30 seconds six times, longer than a callback may run."""

        timeout = SECONDS
        smtp_retry_limit = 1

    with Mailbox(smtp_conn_id=SMTP) as mailbox:
        mailbox.send_email_smtp(to=recipients, subject=headline, html_content=f"<pre>{html.escape(text)}</pre>")


SINKS: dict[str, Callable[[str, str], None]] = {"slack": to_slack, "smtp": to_mail}


def _connection(connection_id: str) -> Connection:
    try:
        return BaseHook.get_connection(connection_id)
    except AirflowNotFoundException as error:
        raise NotConfiguredError from error
