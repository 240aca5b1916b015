-- One row per invoice.
--
-- key: source_id, invoice_id
select
    source_id,
    invoice_id,
    account_id,
    subscription_id,
    number_text,
    issued_at,
    cast(issued_at at time zone $timezone as date) as issued_on,
    due_on,
    paid_at,
    status_code,
    upper(currency) as currency,
    subtotal_minor,
    discount_minor,
    tax_minor,
    total_minor,
    paid_minor,
    is_credit
from landing.invoices
