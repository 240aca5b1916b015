"""The canonical tables: what every source is translated into."""

from pipelines.sources.table_shape import CONTROL, PERSON_KEYS, Column, Table, declared

__all__ = ["CONTROL", "MONEY_TABLES", "PERSON_KEYS", "TABLES", "Column", "Table"]

_ALL = (
    declared(
        "accounts",
        "account_id",
        "account_id! account_name segment_code region_code created_at is_internal! is_test!",
        dated_by="created_at",
        entity=True,
    ),
    declared(
        "users",
        "user_id",
        """user_id! account_id first_seen_at signed_up_at email_hash locale_code country_code
        is_internal! is_test!""",
        dated_by="signed_up_at",
        entity=True,
    ),
    declared("user_aliases", "alias_id", "alias_id! user_id! linked_at", dated_by="linked_at"),
    declared(
        "events",
        "event_key",
        """event_key! event_id event_name! occurred_at! received_at user_id anonymous_id account_id
        session_id platform_code app_version channel_code country_code properties_json
        occurrence_no!""",
        dated_by="occurred_at",
    ),
    declared(
        "survey_questions",
        "survey_id question_id",
        """survey_id! question_id! question_text!
        metric_code!{nps|csat|ces|sus|pmf|rating|choice|text}
        survey_kind!{relational|transactional} touchpoint_code scale_min:double scale_max:double
        is_higher_better top_box_min:double labels_json""",
        entity=True,
    ),
    declared(
        "survey_exposures",
        "survey_id exposure_id exposure_kind",
        """survey_id! exposure_id!
        exposure_kind!{delivered|shown|opened|started|dismissed|completed|bounced} exposed_at!
        user_id account_id channel_code!""",
        dated_by="exposed_at",
    ),
    declared(
        "survey_responses",
        "survey_id response_id question_id",
        """survey_id! response_id! question_id! respondent_key user_id account_id answered_at
        time_quality!{exact|day|wave|unknown} wave_id score:double answer_code answer_text
        answer_state!{answered|blank|not_applicable|out_of_scale|unmapped} is_complete app_version
        locale_code""",
        dated_by="answered_at",
    ),
    declared(
        "plans",
        "plan_id",
        """plan_id! product_id plan_name! interval_unit{day|week|month|year|one_time}
        interval_count list_price_minor currency usage_kind{licensed|metered}
        introduced_release_id""",
        entity=True,
    ),
    declared(
        "subscriptions",
        "subscription_id",
        """subscription_id! account_id! plan_id
        status_code!{trialing|active|past_due|unpaid|paused|canceled|incomplete} quantity:double
        unit_price_minor unit_price_exact:decimal(24,12) discount_minor
        discount_kind{none|once|repeating|forever} interval_unit{day|week|month|year|one_time}
        interval_count currency! started_at! trial_started_at trial_ended_at period_started_at
        period_ended_at cancel_requested_at cancel_effective_at ended_at as_of_at!""",
        dated_by="as_of_at",
        entity=True,
    ),
    declared(
        "subscription_changes",
        "subscription_id changed_at change_no",
        """subscription_id! changed_at! change_no!
        change_origin!{reported|snapshot_diff|invoice_derived} plan_id
        status_code!{trialing|active|past_due|unpaid|paused|canceled|incomplete} quantity:double
        unit_price_minor discount_minor discount_kind{none|once|repeating|forever}
        interval_unit{day|week|month|year|one_time} interval_count currency! cancel_requested_at
        cancel_effective_at""",
        dated_by="changed_at",
    ),
    declared(
        "invoices",
        "invoice_id",
        """invoice_id! account_id! subscription_id number_text issued_at! due_on paid_at
        status_code! currency! subtotal_minor discount_minor tax_minor total_minor! paid_minor
        is_credit!""",
        dated_by="issued_at",
    ),
    declared(
        "invoice_lines",
        "invoice_id line_id",
        """invoice_id! line_id! subscription_id plan_id
        line_kind!{recurring|usage|one_off|setup|proration|credit} service_from_at service_to_at
        quantity:double amount_minor! discount_minor tax_minor currency!""",
        dated_by="service_from_at",
    ),
    declared(
        "payments",
        "payment_id payment_kind",
        """payment_id! payment_kind!{charge|refund|dispute|dispute_reversal|fee|adjustment}
        account_id invoice_id parent_payment_id happened_at! status_code!{succeeded|pending|failed}
        amount_minor! fee_minor net_minor currency! settled_minor settled_currency
        occurrence_no!""",
        dated_by="happened_at",
    ),
    declared(
        "costs",
        "cost_id",
        """cost_id! period_on! cost_kind!{cogs_hosting|cogs_support|cogs_payment_fees|
        cogs_third_party|sales_marketing|product_dev|launch_one_off|launch_running}
        amount_minor! currency! product_id launch_id is_estimate!""",
        dated_by="period_on",
    ),
    declared(
        "business_case_lines",
        "launch_id version_no line_code period_on scenario_code",
        """launch_id! version_no! line_code! line_kind!{plan|forecast} period_on!
        scenario_code!{low|base|high} direction_code!{benefit|cost|driver} amount_minor currency
        quantity:double unit_code assumption_text owner_role approved_at""",
        dated_by="period_on",
    ),
    declared(
        "fx_rates",
        "rate_on base_currency quote_currency rate_kind",
        """rate_on! base_currency! quote_currency! rate:decimal(24,12)!
        rate_kind!{spot|month_end|payout}""",
        dated_by="rate_on",
        entity=True,
    ),
    declared(
        "feedback_items",
        "feedback_id revision_no",
        """feedback_id! revision_no!
        feedback_kind!{review|ticket|idea|note|survey_comment|bug_report|stakeholder_request}
        submitted_at revised_at time_quality!{exact|day|wave|unknown} user_id account_id
        rating:double scale_min:double scale_max:double language_code title_text body_text
        status_code item_url app_version channel_code first_answered_at decided_at closed_at
        vote_count reopen_count tag_list""",
        dated_by="submitted_at",
    ),
    declared(
        "feedback_votes",
        "feedback_id voter_key",
        """feedback_id! voter_key! account_id voted_at
        importance_code{nice_to_have|important|must_have}""",
        dated_by="voted_at",
    ),
    declared(
        "feedback_links",
        "feedback_id target_kind target_id",
        "feedback_id! target_kind!{work_item|release|theme} target_id! linked_at link_origin!",
        dated_by="linked_at",
    ),
    declared(
        "peer_feedback",
        "cycle_id answer_id",
        """cycle_id! answer_id! subject_kind!{team|role|launch|person} subject_key!
        rater_group!{self|manager|peer|report|stakeholder} rater_hash question_id! score:double
        scale_min:double scale_max:double is_cannot_judge! comment_text cycle_closed_at""",
        dated_by="cycle_closed_at",
    ),
    declared(
        "work_items",
        "work_item_key",
        """work_item_key! source_item_id item_kind!{story|task|bug|epic|subtask|spike|other}
        item_type_name! title_text status_id status_name! state_code!{todo|doing|done|cancelled}
        priority_code severity_code points:double estimate_s spent_s created_at! done_at
        done_origin{resolved|category_change|changelog|missing} due_on parent_key epic_key team_id
        project_key sprint_list fix_version_list affected_version_list component_list label_list
        is_subtask! is_archived resolution_name""",
        dated_by="created_at",
        entity=True,
    ),
    declared(
        "work_item_changes",
        "work_item_key changed_at field_code change_no",
        """work_item_key! changed_at! change_no!
        field_code!{created|status|resolution|sprint|points|estimate|flag|priority|parent|type|
        fix_version|due}
        from_value to_value from_label to_label is_migration!
        change_origin!{reported|reconstructed|snapshot_diff}""",
        dated_by="changed_at",
    ),
    declared(
        "work_item_links",
        "from_key to_key link_kind",
        """from_key! to_key! link_kind!{blocks|duplicates|relates|splits|causes} linked_at
        is_external""",
        dated_by="linked_at",
        entity=True,
    ),
    declared(
        "workflow_statuses",
        "status_id",
        """status_id! status_name! state_code!{todo|doing|done|cancelled} stage_no
        is_active_stage! is_on_board""",
        entity=True,
    ),
    declared(
        "sprints",
        "sprint_id",
        """sprint_id! board_id team_id sprint_name! goal_text state_code!{future|active|closed}
        started_at planned_end_at completed_at capacity_points:double
        goal_result{met|partly|not_met} goal_evidence_text""",
        dated_by="started_at",
        entity=True,
    ),
    declared(
        "sprint_snapshots",
        "sprint_id snapshot_kind captured_at work_item_key",
        """sprint_id! snapshot_kind!{start|close|daily} captured_at! work_item_key! is_in_sprint!
        state_code! points:double is_added_during
        outcome_code{completed|not_completed|removed|completed_elsewhere}
        snapshot_origin!{captured|sprint_report|replayed|estimated}""",
        dated_by="captured_at",
    ),
    declared(
        "releases",
        "release_id",
        """release_id! product_id! version! channel_code!{stable|prerelease|nightly|internal}
        first_planned_on planned_on released_at tag_name commit_sha notes_url launch_id
        is_withdrawn""",
        dated_by="released_at",
        entity=True,
    ),
    declared(
        "commits",
        "commit_sha",
        """commit_sha! repo_id! authored_at! committed_at! author_hash parent_count release_id
        work_item_list""",
        dated_by="committed_at",
        entity=True,
    ),
    declared(
        "deployments",
        "deployment_id",
        """deployment_id! service_id! environment_code!{production|staging|test|other} created_at
        started_at! finished_at result_code!{success|failure|cancelled|running|unknown} commit_sha
        release_id is_rework""",
        dated_by="started_at",
        entity=True,
    ),
    declared(
        "incidents",
        "incident_id",
        """incident_id! service_id opened_at! acknowledged_at resolved_at severity_code
        status_code! caused_by_deployment_id caused_by_release_id title_text""",
        dated_by="opened_at",
        entity=True,
    ),
    declared(
        "teams",
        "team_id",
        "team_id! team_name! time_zone! workday_list holiday_list sprint_length_days:bigint",
        entity=True,
    ),
    declared(
        "people",
        "person_key",
        """person_key! team_id
        role_code!{product_manager|product_owner|developer|designer|support|stakeholder}
        active_from_on active_to_on""",
        entity=True,
    ),
    declared(
        "annotations",
        "annotation_id",
        """annotation_id! happened_at! ended_at
        annotation_kind!{release|price_change|campaign|incident|holiday|definition_change|
        data_issue|other}
        title_text! product_id segment_code metric_id release_id item_url""",
        dated_by="happened_at",
        entity=True,
    ),
    declared(
        "targets",
        "target_id version_no",
        """target_id! version_no! metric_id! segment_code period_from_on! period_to_on
        target_kind!{constant|table|ramp|step|band|cumulative} target_value:double low_value:double
        high_value:double baseline_value:double unit_code! direction_code!{up|down|within}
        owner_role approved_at""",
        dated_by="period_from_on",
    ),
    declared(
        "external_values",
        "metric_id period_from_on period_to_on segment_code policy_code",
        """metric_id! period_from_on! period_to_on! segment_code reported_value:double! unit_code!
        currency policy_code reported_at""",
        dated_by="period_from_on",
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}

# Of these no row may be lost: a sum with a hole is a wrong sum.
MONEY_TABLES = frozenset(
    """plans subscriptions subscription_changes invoices invoice_lines payments costs
    business_case_lines fx_rates""".split()
)
