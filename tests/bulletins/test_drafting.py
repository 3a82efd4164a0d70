"""Writing a paper: saved, saved again, thrown away; by whom, and what is refused."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from bulletins import services
from bulletins.models import AudienceRule, Bulletin
from bulletins.services.addressing import stored_rules
from bulletins.services.checks import today
from bulletins.states import Part, RuleKind
from config.database import db
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from config.journal import Entry
from tests.bulletins.papers import TITLE, draft_input, drafted, published, submitted
from tests.worlds import World


def _kinds(bulletin_id: int) -> list[str]:
    query = select(Entry.kind).where(
        Entry.subject_kind == "bulletin", Entry.subject_id == bulletin_id
    )
    return list(db.session.scalars(query.order_by(Entry.id)))


def test_a_draft_is_kept_as_it_was_written_and_rendered_once(world: World) -> None:
    bulletin = drafted(world, cc_agencies=[world.agencies["enterprise"]], urgency="flash")
    assert (bulletin.title, bulletin.state, bulletin.revision) == (TITLE, "draft", 1)
    assert (bulletin.version, bulletin.urgency) == (0, "flash")
    assert "<strong>认真</strong>" in bulletin.html
    assert bulletin.issuer_id == world.agencies["province"]
    assert [(rule.part, rule.kind, rule.agency_id) for rule in stored_rules(bulletin.id)] == [
        (Part.TO, RuleKind.SUBTREE, world.agencies["province"]),
        (Part.CC, RuleKind.AGENCY, world.agencies["enterprise"]),
    ]
    assert _kinds(bulletin.id) == ["bulletin.drafted"]


def test_each_save_raises_the_revision_and_replaces_the_audience(world: World) -> None:
    bulletin = drafted(world)
    data = draft_input(title="改后的标题", to_all=False, to_agencies=[world.agencies["city"]])
    saved = services.save_draft(world.actor("province-clerk"), bulletin.id, 1, data)
    assert (saved.title, saved.revision) == ("改后的标题", 2)
    assert [rule.agency_id for rule in stored_rules(bulletin.id)] == [world.agencies["city"]]
    assert db.session.scalars(select(AudienceRule.id)).all() != []


def test_a_stale_save_changes_nothing(world: World) -> None:
    bulletin = drafted(world)
    clerk = world.actor("province-clerk")
    services.save_draft(clerk, bulletin.id, 1, draft_input(body="甲的文字"))
    with pytest.raises(services.Stale):
        services.save_draft(clerk, bulletin.id, 1, draft_input(body="乙的文字"))
    kept = db.session.get_one(Bulletin, bulletin.id)
    assert (kept.body, kept.revision) == ("甲的文字", 2)


def test_saving_what_is_stored_already_is_no_conflict_and_no_change(world: World) -> None:
    bulletin = drafted(world)
    clerk = world.actor("province-clerk")
    services.save_draft(clerk, bulletin.id, 1, draft_input(body="甲的文字"))
    again = services.save_draft(clerk, bulletin.id, 1, draft_input(body="甲的文字"))
    assert again.revision == 2


def test_the_due_day_goes_with_the_wish_for_acknowledgement(world: World) -> None:
    day = today() + timedelta(days=3)
    bulletin = drafted(world, acknowledge_by=day)
    assert bulletin.acknowledge_by == day
    plain = drafted(world, acknowledge_by=day, needs_acknowledgement=False)
    assert plain.acknowledge_by is None


def test_a_due_day_in_the_past_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(world, acknowledge_by=today() - timedelta(days=1))
    assert list(caught.value.errors) == ["acknowledge_by"]
    assert not db.session.scalars(select(Bulletin.id)).all()


def test_an_audience_out_of_reach_is_refused_on_every_save(world: World) -> None:
    with pytest.raises(Invalid):
        drafted(world, "city", to_agencies=[world.agencies["unrelated"]])
    bulletin = drafted(world, "city")
    with pytest.raises(Invalid):
        services.save_draft(
            world.actor("city-clerk"),
            bulletin.id,
            1,
            draft_input(to_agencies=[world.agencies["other_county"]]),
        )


@pytest.mark.parametrize(
    "given",
    [
        {"title": ""},
        {"title": "  \u3000 "},
        {"title": "长" * 201},
        {"title": "标\u202e题"},
        {"title": "标\0题"},
        {"body": "字" * 50_001},
        {"body": "正文\u2066"},
        {"type": "secret"},
        {"urgency": ""},
        {"to_agencies": [2**63]},
        {"to_agencies": [0]},
        {"to_agencies": ["' OR 1=1"]},
        {"to_agencies": list(range(1, 2002))},
        {"to_levels": ["galaxy"]},
        {"acknowledge_by": "2026-02-30"},
        {"title": "关于密级：机密的通知"},
        {"body": "机密★一年\n\n正文"},
        {"body": "机 密★1年\n\n正文"},
        {"body": "機密*一年"},
        {"body": "**机\u3000密**\n\n正文"},
        {"body": "正文\n\n【绝密】"},
    ],
)
def test_bad_fields_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        draft_input(**given)


def test_writing_about_secrecy_is_no_marking() -> None:
    body = "讲解秘密、机密、绝密的定义。"
    assert draft_input(title="关于举办保密培训的通知", body=body).body == body


WHO = [
    ("province-clerk", None),
    ("province-approver", Forbidden),
    ("province-reader", Forbidden),
    ("province-liaison", Forbidden),
    ("province-duty", Forbidden),
    ("city-clerk", NotFound),
    ("county-clerk", NotFound),
    ("unrelated-clerk", NotFound),
    ("system", NotFound),
]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_the_clerks_of_the_issuer_edit_and_discard(
    world: World, name: str, error: type[DomainError] | None
) -> None:
    bulletin = drafted(world)
    actor = world.actor(name)
    if error is None:
        services.save_draft(actor, bulletin.id, 1, draft_input(body="新"))
        assert services.discard(actor, bulletin.id).state == "discarded"
        assert _kinds(bulletin.id)[-1] == "bulletin.discarded"
        return
    with pytest.raises(error):
        services.save_draft(actor, bulletin.id, 1, draft_input(body="新"))
    with pytest.raises(error):
        services.discard(actor, bulletin.id)
    assert db.session.get_one(Bulletin, bulletin.id).state == "draft"


def test_a_reader_writes_no_draft(world: World) -> None:
    with pytest.raises(Forbidden):
        services.create_draft(world.actor("province-reader"), draft_input())


def test_what_is_submitted_or_published_is_edited_by_nobody(world: World) -> None:
    clerk = world.actor("province-clerk")
    for bulletin in (submitted(world), published(world)):
        with pytest.raises(Conflict):
            services.save_draft(clerk, bulletin.id, bulletin.revision, draft_input(body="新"))
        with pytest.raises(Conflict):
            services.discard(clerk, bulletin.id)


def test_a_draft_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFound):
        services.save_draft(world.actor("province-clerk"), 2**40, 1, draft_input())
