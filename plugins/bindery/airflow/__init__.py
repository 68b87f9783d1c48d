"""All that knows Airflow: DAG factories, feed-day helper, retries, callbacks, notifiers. Nothing else imports it."""
