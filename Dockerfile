# One image for every Airflow component. The official image brings Airflow; the lock brings the rest at exact versions.
FROM apache/airflow:3.3.2-python3.12

COPY --chown=airflow:root requirements.lock /opt/bindery/
RUN pip install --no-cache-dir --no-deps -r /opt/bindery/requirements.lock

COPY --chown=airflow:root dags /opt/bindery/dags
COPY --chown=airflow:root plugins /opt/bindery/plugins
COPY --chown=airflow:root include /opt/bindery/include
COPY --chown=airflow:root expectations /opt/bindery/expectations

ENV AIRFLOW__CORE__DAGS_FOLDER=/opt/bindery/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/bindery/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    BINDERY_PROJECT=/opt/bindery \
    BINDERY_HOME=/var/lib/bindery \
    PYTHONPATH=/opt/bindery/plugins
