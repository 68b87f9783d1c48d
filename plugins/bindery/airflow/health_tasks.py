"""What the task of ``feed_health`` does: tell who is silent."""

from __future__ import annotations

from airflow.sdk import get_current_context

from bindery.airflow.alerts import Alert, raise_alert
from bindery.airflow.declared import good_feeds
from bindery.airflow.failures import run_link
from bindery.airflow.feed_day import feed_day
from bindery.airflow.runbooks import runbook
from bindery.home import Home


def silence() -> list[str]:
    """Raise one alert for each silence: again only after the feed spoke and fell silent anew.

    Returns:
        The names of the silent feeds.
    """
    from bindery.steps import health  # noqa: PLC0415 - a DAG file must parse without the rooms

    context, home = get_current_context(), Home.from_environment()
    day = feed_day(context)
    feeds = {feed.name: feed for feed in good_feeds()}
    silences = health.silent_feeds(feeds.values(), day, home=home)
    for found in silences:
        feed = feeds[found.feed]
        said = (
            f"no message since {found.last_feed_day}, {found.days} days"
            if found.last_feed_day
            else "there never was a message"
        )
        raise_alert(
            Alert(
                key=f"silent__{feed.name}__{found.last_feed_day or 'ever'}",
                kind="feed_silent",
                subject=f"feed {feed.name}",
                title=f"feed {feed.name}, {day}: {said}",
                day=day.isoformat(),
                owner=feed.owner,
                tier=feed.tier,
                runbook=runbook("feed_health"),
                link=run_link(context["ti"].dag_id, context["run_id"]),
                lines=(f"- It may be silent for {feed.silent_after_days} days. Ask {feed.supplier} what happened.",),
            ),
            home=home,
        )
    return [found.feed for found in silences]
