CREATE TABLE IF NOT EXISTS record_versions (
  content_hash STRING NOT NULL,
  isbn13 STRING,
  isbn_problem STRING,
  is_audio BOOL,
  product_form STRING,
  primary_content_type STRING,
  title STRING,
  subtitle STRING,
  authors ARRAY<STRING>,
  narrators ARRAY<STRING>,
  narration_type STRING,
  language STRING,
  duration_seconds INT64,
  abridged STRING,
  series STRING,
  main_subject STRING,
  description STRING,
  cover_link STRING,
  publisher STRING,
  imprint STRING,
  publishing_status STRING,
  publication_date DATE,
  embargoed_until DATE,
  rights_status STRING,
  sale_countries ARRAY<STRING>,
  subscription_countries ARRAY<STRING>,
  publishing_withdrawal STRING,
  availability STRING,
  price_count INT64,
  price_amount NUMERIC,
  price_currency STRING,
  price_problem STRING,
  supply_withdrawal STRING,
  record_reference STRING,
  notification_type STRING,
  kind STRING,
  deletion_text ARRAY<STRING>,
  record_source_type STRING,
  record_source_name STRING,
  identifiers ARRAY<STRUCT<
    type STRING,
    type_name STRING,
    value STRING
  >>,
  touches ARRAY<STRING>,
  descriptive STRUCT<
    composition STRING,
    product_form STRING,
    product_form_details ARRAY<STRING>,
    primary_content_type STRING,
    product_content_types ARRAY<STRING>,
    technical_protections ARRAY<STRING>,
    titles ARRAY<STRUCT<
      type STRING,
      elements ARRAY<STRUCT<
        level STRING,
        text STRING,
        prefix STRING,
        without_prefix STRING,
        subtitle STRING,
        part_number STRING
      >>
    >>,
    collections ARRAY<STRUCT<
      type STRING,
      title STRING,
      part_number STRING,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>
    >>,
    contributors ARRAY<STRUCT<
      sequence INT64,
      roles ARRAY<STRING>,
      name STRING,
      name_inverted STRING,
      names_before_key STRING,
      key_names STRING,
      corporate_name STRING,
      unnamed STRING,
      alternative_names ARRAY<STRING>,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>,
      biography STRING
    >>,
    contributor_statement STRING,
    edition_types ARRAY<STRING>,
    edition_statement STRING,
    languages ARRAY<STRUCT<
      role STRING,
      code STRING
    >>,
    extents ARRAY<STRUCT<
      type STRING,
      value STRING,
      unit STRING
    >>,
    subjects ARRAY<STRUCT<
      scheme STRING,
      scheme_name STRING,
      version STRING,
      code STRING,
      heading STRING,
      main BOOL
    >>,
    audiences ARRAY<STRUCT<
      type STRING,
      value STRING
    >>,
    audience_ranges ARRAY<STRUCT<
      qualifier STRING,
      precisions ARRAY<STRING>,
      bounds ARRAY<STRING>
    >>,
    parts ARRAY<STRUCT<
      is_primary BOOL,
      product_form STRING,
      product_form_details ARRAY<STRING>,
      product_content_types ARRAY<STRING>,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>,
      quantity STRING
    >>
  >,
  collateral STRUCT<
    texts ARRAY<STRUCT<
      type STRING,
      audiences ARRAY<STRING>,
      language STRING,
      html STRING,
      raw STRING
    >>,
    resources ARRAY<STRUCT<
      content_type STRING,
      audiences ARRAY<STRING>,
      mode STRING,
      form STRING,
      link STRING,
      features ARRAY<STRUCT<
        type STRING,
        value STRING
      >>,
      dates ARRAY<STRUCT<
        role STRING,
        raw STRING,
        format STRING,
        date STRING,
        precision STRING
      >>
    >>
  >,
  content STRUCT<
    chapters ARRAY<STRUCT<
      sequence STRING,
      type STRING,
      title STRING,
      start_seconds FLOAT64,
      end_seconds FLOAT64,
      duration_seconds FLOAT64
    >>
  >,
  publishing STRUCT<
    imprints ARRAY<STRING>,
    publishers ARRAY<STRUCT<
      role STRING,
      name STRING,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>
    >>,
    country STRING,
    status STRING,
    dates ARRAY<STRUCT<
      role STRING,
      raw STRING,
      format STRING,
      date STRING,
      precision STRING
    >>,
    sales_rights ARRAY<STRUCT<
      type STRING,
      territory STRUCT<
        countries_included ARRAY<STRING>,
        regions_included ARRAY<STRING>,
        countries_excluded ARRAY<STRING>,
        regions_excluded ARRAY<STRING>
      >,
      restrictions ARRAY<STRUCT<
        type STRING,
        outlets ARRAY<STRING>,
        note STRING
      >>
    >>,
    row_sales_rights_type STRING,
    restrictions ARRAY<STRUCT<
      type STRING,
      outlets ARRAY<STRING>,
      note STRING
    >>
  >,
  related STRUCT<
    works ARRAY<STRUCT<
      relation STRING,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>
    >>,
    products ARRAY<STRUCT<
      relations ARRAY<STRING>,
      identifiers ARRAY<STRUCT<
        type STRING,
        type_name STRING,
        value STRING
      >>,
      product_form STRING
    >>
  >,
  production STRUCT<
    raw STRING
  >,
  supply ARRAY<STRUCT<
    market_reference STRING,
    market STRUCT<
      countries_included ARRAY<STRING>,
      regions_included ARRAY<STRING>,
      countries_excluded ARRAY<STRING>,
      regions_excluded ARRAY<STRING>
    >,
    market_restrictions ARRAY<STRUCT<
      type STRING,
      outlets ARRAY<STRING>,
      note STRING
    >>,
    market_status STRING,
    market_dates ARRAY<STRUCT<
      role STRING,
      raw STRING,
      format STRING,
      date STRING,
      precision STRING
    >>,
    supplies ARRAY<STRUCT<
      supplier_role STRING,
      supplier_name STRING,
      availability STRING,
      unpriced STRING,
      dates ARRAY<STRUCT<
        role STRING,
        raw STRING,
        format STRING,
        date STRING,
        precision STRING
      >>,
      prices ARRAY<STRUCT<
        type STRING,
        qualifier STRING,
        conditions ARRAY<STRUCT<
          type STRING,
          quantities ARRAY<STRUCT<
            type STRING,
            value STRING,
            unit STRING
          >>
        >>,
        status STRING,
        raw_amount STRING,
        amount NUMERIC,
        currency STRING,
        unpriced STRING,
        territory STRUCT<
          countries_included ARRAY<STRING>,
          regions_included ARRAY<STRING>,
          countries_excluded ARRAY<STRING>,
          regions_excluded ARRAY<STRING>
        >,
        dates ARRAY<STRUCT<
          role STRING,
          raw STRING,
          format STRING,
          date STRING,
          precision STRING
        >>,
        taxes ARRAY<STRUCT<
          type STRING,
          rate_code STRING,
          percent STRING
        >>
      >>
    >>
  >>,
  version_key INT64
);
