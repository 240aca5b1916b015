-- Qualitative evidence.

create table evidence (
    evidence_id text not null,
    kind text not null,
    held_on date not null,
    team_id text not null,
    participants json,
    method text,
    prompt text,
    summary text not null,
    quotes json not null,
    consent boolean not null,
    author_id text not null,
    visibility text not null,
    row_version integer not null,
    constraint pk_evidence primary key (evidence_id),
    constraint ck_evidence_kind check (
        kind in (
            'workshop', 'feedback_session', 'interview', 'survey', 'observation',
            'peer_review', 'celebration', 'training', 'usability_test', 'document'
        )
    ),
    constraint fk_evidence_author_id foreign key (author_id)
    references person (person_id)
    on delete restrict deferrable initially deferred,
    constraint fk_evidence_team_id foreign key (team_id)
    references team (team_id)
    on delete restrict deferrable initially deferred
);

create table evidence_link (
    evidence_id text not null,
    subject text not null,
    subject_id text not null,
    use text not null,
    constraint pk_evidence_link primary key (evidence_id, subject, subject_id, use),
    constraint ck_evidence_link_use check (
        use in (
            'problem', 'cause', 'hypothesis', 'confounder', 'learning', 'recognition',
            'action'
        )
    ),
    constraint fk_evidence_link_evidence_id foreign key (evidence_id)
    references evidence (evidence_id)
    on delete restrict deferrable initially deferred
);
