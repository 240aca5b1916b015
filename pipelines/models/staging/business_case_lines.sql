-- One row per line, period and scenario of a launch's plan or forecast.
--
-- key: source_id, launch_id, version_no, line_code, period_on, scenario_code
select
    source_id,
    launch_id,
    version_no,
    line_code,
    line_kind,
    period_on,
    scenario_code,
    direction_code,
    amount_minor,
    upper(currency) as currency,
    quantity,
    unit_code,
    assumption_text,
    owner_role,
    approved_at
from landing.business_case_lines
