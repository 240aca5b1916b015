-- One row per MRR policy: how it decides the edges that vendors decide differently.
-- An edge without a documented rule is decided as in `ours`; the answer says so.
--
-- key: policy_id
select
    'ours' as policy_id,
    true as is_reduced_by_repeating,
    false as is_reduced_by_once,
    true as is_past_due_limited,
    false as is_ended_by_request,
    false as is_pause_a_contraction,
    false as is_short_stay_shown
union all
select
    'stripe' as policy_id,
    false as is_reduced_by_repeating,
    false as is_reduced_by_once,
    false as is_past_due_limited,
    true as is_ended_by_request,
    false as is_pause_a_contraction,
    true as is_short_stay_shown
union all
select
    'chartmogul' as policy_id,
    true as is_reduced_by_repeating,
    true as is_reduced_by_once,
    false as is_past_due_limited,
    false as is_ended_by_request,
    false as is_pause_a_contraction,
    true as is_short_stay_shown
union all
select
    'profitwell' as policy_id,
    true as is_reduced_by_repeating,
    true as is_reduced_by_once,
    true as is_past_due_limited,
    false as is_ended_by_request,
    true as is_pause_a_contraction,
    false as is_short_stay_shown
