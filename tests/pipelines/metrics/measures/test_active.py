"""Who is an active person: one behind all ids, and nobody of the house."""


def event(number, user="", **more):
    return {
        "event_key": f"e{number}",
        "event_name": "open",
        "occurred_at": "2026-03-02T10:00:00Z",
        "user_id": user,
        **more,
    }


LATER = event(99, "later", occurred_at="2026-03-09T10:00:00Z")


def user(name, account="", **more):
    return {
        "user_id": name,
        "account_id": account,
        "is_internal": "false",
        "is_test": "false",
    } | more


ACCOUNTS = [
    {"account_id": "house", "is_internal": "true", "is_test": "false"},
    {"account_id": "sandbox", "is_internal": "false", "is_test": "true"},
    {"account_id": "customer", "is_internal": "false", "is_test": "false"},
]


def active(ask):
    return [row["value"] for row in ask("dau", every="day")][0]


def test_who_belongs_to_an_internal_or_test_account_is_left_out(published):
    ask = published(
        events=[
            event(1, "ann"),
            event(2, "bot"),
            event(3, "guest"),
            event(4, "nobody known"),
            LATER,
        ],
        users=[user("ann", "house"), user("bot", "sandbox"), user("guest", "customer")],
        accounts=ACCOUNTS,
    )
    assert active(ask) == 2


def test_who_only_ever_acts_on_internal_accounts_is_left_out(published):
    ask = published(
        events=[
            event(1, "tester", account_id="sandbox"),
            event(2, "guest", account_id="sandbox"),
            event(3, "owner", account_id="sandbox"),
            event(4, "guest", account_id="customer", occurred_at="2026-03-03T10:00:00Z"),
            LATER,
        ],
        users=[user("owner", "customer"), user("tester")],
        accounts=ACCOUNTS,
    )
    assert active(ask) == 2


def test_a_chain_of_aliases_ends_at_one_person(published):
    chain = ["cookie", "device", "trial", "lead", "ann"]
    ask = published(
        events=[*(event(number, name) for number, name in enumerate(chain)), LATER],
        users=[user("ann")],
        user_aliases=[
            {"alias_id": alias, "user_id": known, "linked_at": "2026-03-05T00:00:00Z"}
            for alias, known in zip(chain, chain[1:], strict=False)
        ],
    )
    assert active(ask) == 1
