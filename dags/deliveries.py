"""``deliver__<recipient>``: one Airflow DAG a recipient declaration."""

from __future__ import annotations

from bindery.airflow.declared import good_recipients
from bindery.airflow.delivery_dag import delivery_dag

for recipient in good_recipients():
    globals()[f"deliver__{recipient.name}"] = delivery_dag(recipient)
