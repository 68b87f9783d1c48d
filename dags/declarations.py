"""No Airflow DAG, only the check of all declarations: a broken one is this file's import error, and it names the file.

The other DAG files build the DAGs of the declarations that are right.
"""

from __future__ import annotations

from bindery.airflow.declared import refuse_broken

refuse_broken()
