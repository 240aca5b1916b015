-- Review meetings.

create table review_meeting (
    meeting_id text not null,
    team_id text not null,
    series text,
    kind text not null,
    held_on date not null,
    timezone text not null,
    facilitator_id text,
    note_taker_id text,
    status text not null,
    snapshot_id text,
    preread_at timestamp,
    row_version integer not null,
    constraint pk_review_meeting primary key (meeting_id),
    constraint ck_review_meeting_kind check (
        kind in (
            'weekly_metrics', 'sprint_review', 'retro', 'monthly_product', 'quarterly'
        )
    ),
    constraint ck_review_meeting_status check (
        status in (
            'scheduled', 'preread_sent', 'in_session', 'minutes_draft', 'published',
            'cancelled'
        )
    ),
    constraint fk_review_meeting_facilitator_id foreign key (facilitator_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_review_meeting_note_taker_id foreign key (note_taker_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_review_meeting_snapshot_id foreign key (snapshot_id)
    references snapshot (snapshot_id)
    on delete restrict deferrable initially deferred,
    constraint fk_review_meeting_team_id foreign key (team_id)
    references team (team_id)
    on delete restrict deferrable initially deferred
);

create table meeting_attendee (
    meeting_id text not null,
    person_id text not null,
    present boolean,
    row_version integer not null,
    constraint pk_meeting_attendee primary key (meeting_id, person_id),
    constraint fk_meeting_attendee_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred,
    constraint fk_meeting_attendee_person_id foreign key (person_id)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table meeting_item (
    item_id text not null,
    meeting_id text not null,
    position integer not null,
    source text not null,
    subject text not null,
    subject_id text,
    state text,
    note text,
    row_version integer not null,
    constraint pk_meeting_item primary key (item_id),
    constraint ck_meeting_item_source check (
        source in (
            'auto_signal', 'due_check', 'overdue', 'carried', 'evidence', 'manual'
        )
    ),
    constraint ck_meeting_item_state check (
        state in ('proposed', 'discussed', 'parked', 'nothing_to_see')
    ),
    constraint fk_meeting_item_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred
);

create table minutes (
    meeting_id text not null,
    version integer not null,
    body json not null,
    body_hash text not null,
    published_at timestamp not null,
    published_by text not null,
    constraint pk_minutes primary key (meeting_id, version),
    constraint fk_minutes_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred,
    constraint fk_minutes_published_by foreign key (published_by)
    references person (person_id)
    on delete restrict deferrable initially deferred
);

create table correction (
    correction_id text not null,
    meeting_id text not null,
    item_id text,
    text text not null,
    reason text not null,
    author_id text not null,
    at timestamp not null,
    constraint pk_correction primary key (correction_id),
    constraint fk_correction_author_id foreign key (author_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_correction_item_id foreign key (item_id)
    references meeting_item (item_id)
    on delete restrict deferrable initially deferred,
    constraint fk_correction_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred
);

create table decision (
    decision_id text not null,
    meeting_id text,
    item_id text,
    text text not null,
    options json not null,
    decider_id text not null,
    rationale text not null,
    snapshot_id text,
    reverses_id text,
    revisit_on date,
    constraint pk_decision primary key (decision_id),
    constraint fk_decision_decider_id foreign key (decider_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_decision_item_id foreign key (item_id)
    references meeting_item (item_id)
    on delete restrict deferrable initially deferred,
    constraint fk_decision_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred,
    constraint fk_decision_reverses_id foreign key (reverses_id)
    references decision (decision_id)
    on delete restrict deferrable initially deferred,
    constraint fk_decision_snapshot_id foreign key (snapshot_id)
    references snapshot (snapshot_id)
    on delete restrict deferrable initially deferred
);

create table follow_up (
    follow_up_id text not null,
    decision_id text,
    meeting_id text,
    cycle_id text,
    title text not null,
    owner_id text not null,
    due_on date not null,
    redated integer not null,
    status text not null,
    closed_in_meeting_id text,
    evidence_id text,
    reason text,
    row_version integer not null,
    constraint pk_follow_up primary key (follow_up_id),
    constraint ck_follow_up_status check (
        status in ('open', 'done', 'dropped')
    ),
    constraint fk_follow_up_closed_in_meeting_id foreign key (closed_in_meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred,
    constraint fk_follow_up_cycle_id foreign key (cycle_id)
    references pdca_cycle (cycle_id)
    on delete restrict deferrable initially deferred,
    constraint fk_follow_up_decision_id foreign key (decision_id)
    references decision (decision_id)
    on delete restrict deferrable initially deferred,
    constraint fk_follow_up_evidence_id foreign key (evidence_id)
    references evidence (evidence_id)
    on delete restrict deferrable initially deferred,
    constraint fk_follow_up_meeting_id foreign key (meeting_id)
    references review_meeting (meeting_id)
    on delete restrict deferrable initially deferred,
    constraint fk_follow_up_owner_id foreign key (owner_id)
    references person (person_id)
    on delete restrict deferrable initially deferred
);
