-- One row per piece of feedback in its latest revision, with its sentiment.
-- The same text by the same person on the same day is one piece: later copies bear
-- is_duplicate and are not counted. Without a person, so are copies of one instant.
-- Feedback of internal and test persons is left out.
--
-- key: source_id, feedback_id
with

revisions as (

    select
        source_id,
        feedback_id,
        revision_no,
        feedback_kind,
        submitted_at,
        submitted_on,
        time_quality,
        user_id,
        user_key,
        account_id,
        rating,
        scale_min,
        scale_max,
        language_code,
        title_text,
        body_text,
        status_code,
        item_url,
        app_version,
        channel_code,
        first_answered_at,
        decided_at,
        closed_at,
        vote_count,
        reopen_count,
        row_number() over (
            partition by source_id, feedback_id
            order by revision_no desc
        ) as age_rank
    from staging.feedback_items

),

persons as (

    select
        actors.actor_key,
        actors.person_key,
        actors.is_excluded,
        people.account_id
    from activity.actors as actors
    left join marts.people as people
        on actors.person_key = people.person_key

),

votes as (

    select
        source_id,
        feedback_id,
        count(*) as vote_count
    from staging.feedback_votes
    group by source_id, feedback_id

),

items as (

    select
        revisions.source_id,
        revisions.feedback_id,
        revisions.revision_no,
        revisions.feedback_kind,
        revisions.submitted_at,
        revisions.submitted_on,
        revisions.time_quality,
        revisions.user_id,
        persons.person_key,
        coalesce(revisions.account_id, persons.account_id) as account_id,
        revisions.rating,
        revisions.scale_min,
        revisions.scale_max,
        revisions.language_code,
        revisions.title_text,
        revisions.body_text,
        revisions.status_code,
        revisions.item_url,
        revisions.app_version,
        revisions.channel_code,
        revisions.first_answered_at,
        revisions.decided_at,
        revisions.closed_at,
        coalesce(revisions.vote_count, votes.vote_count) as vote_count,
        revisions.reopen_count,
        coalesce(sentiments.sentiment, 'unscored') as sentiment,
        coalesce(sentiments.sentiment_origin, 'unscored') as sentiment_origin,
        sentiments.text_sentiment,
        sentiments.text_hash,
        sentiments.model_version
    from revisions
    left join persons
        on revisions.user_key = persons.actor_key
    left join staging.accounts as accounts
        on coalesce(revisions.account_id, persons.account_id) = accounts.account_id
    left join votes
        on
            revisions.source_id = votes.source_id
            and revisions.feedback_id = votes.feedback_id
    left join enriched.feedback_sentiment as sentiments
        on
            revisions.source_id = sentiments.source_id
            and revisions.feedback_id = sentiments.feedback_id
            and revisions.revision_no = sentiments.revision_no
    where
        revisions.age_rank = 1
        and not coalesce(persons.is_excluded, false)
        and not coalesce(accounts.is_internal or accounts.is_test, false)

),

-- What makes two texts one piece of feedback; unlike for every item without a text.
copies as (

    select
        source_id,
        feedback_id,
        row_number() over (
            partition by
                case
                    when text_hash is null
                        then concat('item ', source_id, ' ', feedback_id)
                    when person_key is not null
                        then
                            concat(
                                'person ',
                                cast(person_key as varchar),
                                ' ',
                                text_hash
                            )
                    when user_id is not null
                        then concat('user ', user_id, ' ', text_hash)
                    when account_id is not null
                        then concat('account ', account_id, ' ', text_hash)
                    when time_quality = 'exact'
                        then
                            concat(
                                'instant ',
                                cast(submitted_at as varchar),
                                ' ',
                                text_hash
                            )
                    else concat('item ', source_id, ' ', feedback_id)
                end,
                submitted_on
            order by submitted_at, source_id, feedback_id
        ) as copy_no
    from items

)

select
    items.source_id,
    items.feedback_id,
    items.revision_no,
    items.feedback_kind,
    items.submitted_at,
    items.submitted_on,
    items.time_quality,
    items.person_key,
    items.account_id,
    items.rating,
    items.scale_min,
    items.scale_max,
    items.language_code,
    items.title_text,
    items.body_text,
    items.status_code,
    items.item_url,
    items.app_version,
    items.channel_code,
    items.first_answered_at,
    items.decided_at,
    items.closed_at,
    items.vote_count,
    items.reopen_count,
    items.sentiment,
    items.sentiment_origin,
    items.text_sentiment,
    items.sentiment_origin = 'score'
    and coalesce(items.text_sentiment, 'neutral') <> 'neutral'
    and items.sentiment <> 'neutral'
    and items.text_sentiment <> items.sentiment as has_disagreement,
    items.model_version,
    copies.copy_no > 1 as is_duplicate
from items
inner join copies
    on items.source_id = copies.source_id and items.feedback_id = copies.feedback_id
