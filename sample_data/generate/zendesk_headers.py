"""Column names of the help desk's warehouse tables, as its loader writes them.

Source: the seeds of fivetran/dbt_zendesk (Apache-2.0).
"""

TICKET = (
    "id _fivetran_synced allow_channelback assignee_id brand_id created_at description "
    "due_at external_id forum_topic_id group_id has_incidents is_public organization_id "
    "priority problem_id recipient requester_id status subject submitter_id system_client "
    "ticket_form_id type updated_at url via_channel via_source_from_id via_source_from_title "
    "via_source_rel via_source_to_address via_source_to_name merged_ticket_ids "
    "via_source_from_address followup_ids via_followup_source_id"
).split()
TICKET_COMMENT = (
    "id _fivetran_synced body created facebook_comment public ticket_id tweet user_id voice_comment"
).split()
USER = (
    "id _fivetran_synced active alias authenticity_token chat_only created_at details email "
    "external_id last_login_at locale locale_id moderator name notes only_private_comments "
    "organization_id phone remote_photo_url restricted_agent role shared shared_agent "
    "signature suspended ticket_restriction time_zone two_factor_auth_enabled updated_at url "
    "verified"
).split()
