"""For whom somebody speaks, read from invented openings."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.resources import table
from pipeline.split.groups import find_group, find_groups, groups, members, spoken_for
from pipeline.split.states import States

STATES = States.load()


def rows(name: str) -> list[dict[str, str]]:
    with table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


EU, NAM, G77 = "European Union", "Movement of Non-Aligned Countries", "Group of 77 and China"
FRIENDS = "Group of Friends of the Responsibility to Protect"
A3 = "three African members of the Security Council"

#: (speaker's State, what the speaker says, for whom)
SPEAKS = [
    ("Belgium", "I have the honour to speak on behalf of the European Union.", [EU]),
    ("Belgium", "I am speaking on behalf of the EU and its 27 member States.", [EU]),
    ("Sweden", "I take the floor on behalf of the European Union and its member States. Let me begin with prevention.", [EU]),
    ("Denmark", "I have the honour to deliver this statement on behalf of the five Nordic countries: Finland, Iceland, Norway, Sweden and my own country, Denmark.", ["Nordic countries", "Finland", "Iceland", "Norway", "Sweden", "Denmark"]),
    ("Norway", "It is my honour to speak today on behalf of the Nordic countries \u2014 Denmark, Finland, Iceland, Sweden and Norway.", ["Nordic countries", "Denmark", "Finland", "Iceland", "Sweden", "Norway"]),
    ("Sweden", "I am pleased to make this statement on behalf of Denmark, Finland, Iceland, Norway, Sweden and my own country.", ["Denmark", "Finland", "Iceland", "Norway", "Sweden"]),
    ("Finland", "I am pleased to speak on behalf of Denmark, Iceland and my own country.", ["Denmark", "Iceland", "Finland"]),
    ("Latvia", "I am honoured to speak on behalf of the Baltic States, Estonia, Lithuania and Latvia.", ["Baltic States", "Estonia", "Lithuania", "Latvia"]),
    ("Estonia", "Speaking on behalf of the eight Nordic-Baltic countries, I wish to stress prevention.", ["Nordic-Baltic countries"]),
    ("Australia", "I have the honour to speak on behalf of Canada, New Zealand and Australia (CANZ).", ["CANZ", "Canada", "New Zealand", "Australia"]),
    ("Canada", "On behalf of CANZ, I would like to thank the Secretary-General for his report.", ["CANZ"]),
    ("Egypt", "I have the honour to address the Assembly on behalf of the Non-Aligned Movement.", [NAM]),
    ("Iran", "I am taking the floor on behalf of the Movement of Non-Aligned Countries in explanation of position.", [NAM]),
    ("Cuba", "It is a privilege to make this statement on behalf of NAM.", [NAM]),
    ("Yemen", "I have the honour of speaking on behalf of the Group of 77 and China on this item.", [G77]),
    ("Yemen", "This is our last meeting. We in the Group of 77 and China pledge our cooperation to the next President.", [G77]),
    ("Benin", "I take the floor on behalf of the African Group to explain our position.", ["African Group"]),
    ("Ghana", "On behalf of the Group of African States, I congratulate you on your election.", ["African Group"]),
    ("Kuwait", "I am honoured to speak on behalf of the Group of Arab States.", ["Arab Group"]),
    ("Qatar", "My delegation is pleased to speak on behalf of the Arab Group. It thanks the Secretary-General.", ["Arab Group"]),
    ("Grenada", "I speak on behalf of the States members of the Alliance of Small Island States (AOSIS).", ["Alliance of Small Island States"]),
    ("Jamaica", "I have the honour to speak on behalf of the fourteen member States of the Caribbean Community (CARICOM).", ["Caribbean Community"]),
    ("Barbados", "I deliver these remarks on behalf of the member States of CARICOM.", ["Caribbean Community"]),
    ("Tonga", "I have the honour to speak on behalf of the Pacific small island developing States represented at the United Nations, namely Fiji, Nauru, Palau and my own country, Tonga.", ["Pacific small island developing States", "Fiji", "Nauru", "Palau", "Tonga"]),
    ("Samoa", "I am speaking on behalf of the Pacific Islands Forum.", ["Pacific Islands Forum"]),
    ("Viet Nam", "I have the honour to speak on behalf of the Association of Southeast Asian Nations (ASEAN).", ["Association of Southeast Asian Nations"]),
    ("Rwanda", "I have the honour to deliver this statement on behalf of the Group of Friends of the Responsibility to Protect.", [FRIENDS]),
    ("Croatia", "I have the pleasure to speak on behalf of the Group of Friends of R2P, which my country chairs with Botswana and Costa Rica.", [FRIENDS]),
    ("Qatar", "As co-Chairs of the Group of Friends of the Responsibility to Protect, Denmark and Qatar have the honour to make this statement on behalf of its members.", [FRIENDS]),
    ("Venezuela", "I have the honour to speak on behalf of the Group of Friends in Defense of the Charter of the United Nations.", ["Group of Friends in Defense of the Charter of the United Nations"]),
    ("Switzerland", "I have the honour to speak on behalf of the Accountability, Coherence and Transparency (ACT) group.", ["Accountability, Coherence and Transparency group"]),
    ("Argentina", "I have the honour to speak on behalf of MERCOSUR and associated States: Brazil, Paraguay, Uruguay and my own country, Argentina.", ["Southern Common Market and associated States", "Brazil", "Paraguay", "Uruguay", "Argentina"]),
    ("Brazil", "I speak on behalf of the member States of the Southern Common Market (MERCOSUR).", ["Southern Common Market"]),
    ("Chile", "I have the honour to speak on behalf of the Rio Group.", ["Rio Group"]),
    ("Georgia", "I am speaking on behalf of the Organization for Democracy and Economic Development - GUAM.", ["Organization for Democracy and Economic Development - GUAM"]),
    ("Luxembourg", "I have the honour to speak on behalf of the Benelux countries: Belgium, the Netherlands and Luxembourg.", ["Benelux countries", "Belgium", "Netherlands", "Luxembourg"]),
    ("Czechia", "I am honoured to speak on behalf of the Visegrad Group.", ["Visegrad Group"]),
    ("Italy", "I take the floor on behalf of the Uniting for Consensus group.", ["Uniting for Consensus"]),
    ("Mexico", "On behalf of MIKTA, I would like to underline three points.", ["MIKTA"]),
    ("Saudi Arabia", "I am honoured to speak on behalf of the Gulf Cooperation Council States.", ["Gulf Cooperation Council"]),
    ("Malawi", "I have the honour to speak on behalf of the least developed countries.", ["least developed countries"]),
    ("Paraguay", "I speak on behalf of the Group of Landlocked Developing Countries.", ["landlocked developing countries"]),
    ("Kenya", "I make this statement on behalf of the three African members of the Security Council \u2014 Niger, Tunisia and my own country, Kenya.", [A3, "Niger", "Tunisia", "Kenya"]),
    ("Gabon", "I deliver this statement on behalf of the A3.", [A3]),
    ("Sierra Leone", "I have the honour to deliver this statement on behalf of the A3+, namely Algeria, Guyana, Mozambique and my own country, Sierra Leone.", ["three African members of the Security Council plus", "Algeria", "Guyana", "Mozambique", "Sierra Leone"]),
    ("Niger", "I shall now make a statement in my capacity as the representative of Niger and on behalf of the three African countries that are members of the Security Council. The delegations of Tunisia, South Africa and Niger welcome the vote.", [A3, "Tunisia", "South Africa", "Niger"]),
    ("Netherlands", "I have the honour to speak on behalf of Rwanda and the Netherlands.", ["Rwanda", "Netherlands"]),
    ("Liechtenstein", "I am delivering this statement on behalf of Costa Rica, Jordan, Singapore, Switzerland and my own country, Liechtenstein.", ["Costa Rica", "Jordan", "Singapore", "Switzerland", "Liechtenstein"]),
    ("France", "I have the honour to make this joint statement on behalf of France and Mexico.", ["France", "Mexico"]),
    ("Brazil", "I speak on behalf of the delegations of India, South Africa and Brazil.", ["India", "South Africa", "Brazil"]),
    ("Australia", "I have the honour to speak on behalf of a cross-regional group of 55 States.", ["cross-regional group of 55 States"]),
    ("Guatemala", "I am pleased to speak on behalf of the Group of Friends of Mediation.", ["Group of Friends of Mediation"]),
    ("Peru", "I speak in my capacity as Chair of the Group of 77 and China.", [G77]),
    ("Uganda", "I would like to make the following remarks in my capacity as Coordinator of the Non-Aligned Movement.", [NAM]),
    ("Portugal", "Statement by H.E. Ms. Ana Roe on behalf of the European Union\n\nMr. President, I thank you.", [EU]),
    ("Jordan", "I have the honour to speak on behalf of the League of Arab States and on behalf of the Organization of Islamic Cooperation.", ["League of Arab States", "Organization of Islamic Cooperation"]),
    ("Panama", "On behalf of the Central American Integration System, allow me to thank you.", ["Central American Integration System"]),
    ("Fiji", "Let me start with my own country. It is also my honour to speak on behalf of the Pacific small island developing States.", ["Pacific small island developing States"]),
    ("Slovenia", "Mr. President, I have the honor to take the floor in the name of the Human Security Network.", ["Human Security Network"]),
]  # fmt: skip


@pytest.mark.parametrize(("state", "text", "expected"), SPEAKS, ids=[t[1][:70] for t in SPEAKS])
def test_a_speaker_says_for_whom(state: str, text: str, expected: list[str]) -> None:
    assert list(spoken_for(text, STATES.resolve(state), "2015-06-01", STATES).on_behalf_of) == expected


#: (speaker's State, what it says): nobody else is spoken for.
FOR_ITSELF = [
    (
        "Nigeria",
        "Permit me to welcome, on behalf of my country and delegation, the Republic of Kiribati and the Kingdom of Tonga.",
    ),
    ("Ghana", "On behalf of my Government and people, I congratulate you on your election."),
    ("Ghana", "On behalf of the Government of Ghana, I should like to thank the Secretary-General."),
    ("Ghana", "I bring greetings on behalf of the people of Ghana."),
    ("Mali", "On behalf of my delegation, I would like to thank you, Mr. President."),
    ("Peru", "It is an honour for me to address the Assembly on behalf of Peru."),
    ("Peru", "I have the honour to speak on behalf of the Republic of Peru."),
    (
        "Togo",
        "On behalf of the President of the Republic, His Excellency Mr. John Roe, I convey our greetings.",
    ),
    (
        "Dominica",
        "I greet you on behalf of the Commonwealth of Dominica. I make this statement with pleasure.",
    ),
    ("Comoros", "On behalf of the Union of the Comoros, I congratulate you."),
    ("Malta", "Malta aligns itself with the statement delivered on behalf of the European Union."),
    (
        "Malta",
        "We thank the representative of Sweden for the statement made on behalf of the Nordic countries.",
    ),
    (
        "Kenya",
        "We listened to the statement by the representative of Egypt on behalf of the Non-Aligned Movement.",
    ),
    ("Chile", "You have worked on behalf of all of us, and I thank you for it."),
    (
        "Chile",
        "The Council must act on behalf of the international community, as we have said in this statement.",
    ),
    ("Chile", "We pay tribute to those who work on behalf of the victims of atrocity crimes."),
    (
        "Nepal",
        "My delegation supports the statement to be delivered by Iran on behalf of the Non-Aligned Movement.",
    ),
    ("Nepal", "My country is proud of its efforts on behalf of the least developed countries in past years."),
    ("Uganda", "The Chair of the African Group spoke earlier on behalf of the African Group."),
    ("Egypt", "I shall speak in my national capacity."),
    ("Egypt", "I speak in my capacity as Chair of the Sixth Committee."),
]


@pytest.mark.parametrize(("state", "text"), FOR_ITSELF, ids=[t[1][:70] for t in FOR_ITSELF])
def test_a_speaker_may_speak_for_its_own_state_alone(state: str, text: str) -> None:
    assert spoken_for(text, STATES.resolve(state), "2015-06-01", STATES).on_behalf_of == ()


#: (speaker's State, what it says, whose statement it joins)
ALIGNS = [
    ("Malta", "Malta aligns itself with the statement delivered on behalf of the European Union.", [EU]),
    ("Italy", "Italy aligns itself with the statement made by the observer of the European Union.", [EU]),
    ("Kenya", "My delegation associates itself with the statement made by the representative of Egypt on behalf of the Non-Aligned Movement.", [NAM]),
    ("Cuba", "We fully support the statement made by Yemen on behalf of the Group of 77 and China.", [G77]),
    ("Sudan", "We associate ourselves with the statements made by Qatar on behalf of the Arab Group and by Benin on behalf of the African Group.", ["Arab Group", "African Group"]),
    ("Egypt", "Egypt endorses the statement delivered by Uganda on behalf of the Movement of Non-Aligned Countries.", [NAM]),
    ("Croatia", "Croatia subscribes to the statement of the European Union and to the statement made on behalf of the Group of Friends of R2P.", [EU, FRIENDS]),
    ("Botswana", "We align ourselves with the statement delivered by Qatar on behalf of the Group of Friends of the Responsibility to Protect. I shall add some remarks.", [FRIENDS]),
    ("Palau", "Palau associates itself with the remarks of Fiji on behalf of the Pacific Islands Forum.", ["Pacific Islands Forum"]),
    ("Monaco", "My delegation aligns itself with the statement made by the representative of France.", ["France"]),
    ("Tunisia", "In line with the statement of the League of Arab States, we call for restraint.", ["League of Arab States"]),
]  # fmt: skip


@pytest.mark.parametrize(("state", "text", "expected"), ALIGNS, ids=[t[1][:70] for t in ALIGNS])
def test_a_speaker_joins_the_statements_of_others(state: str, text: str, expected: list[str]) -> None:
    read = spoken_for(text, STATES.resolve(state), "2015-06-01", STATES)
    assert list(read.aligned_with) == expected
    assert read.on_behalf_of == ()


@pytest.mark.parametrize(
    "text",
    [
        "My delegation associates itself with the words of gratitude that have been expressed.",
        "We call on all to align themselves with the resolutions of the Council on Syria.",
        "We align our policies with the goals of the African Union.",
        "We support the work of the Human Rights Council in Myanmar.",
    ],
)
def test_agreement_with_no_statement_joins_nobody(text: str) -> None:
    assert spoken_for(text, STATES.resolve("Ghana"), "2015-06-01", STATES).aligned_with == ()


def test_states_that_join_the_statement_are_told_apart() -> None:
    text = (
        "I have the honour to speak on behalf of the European Union and its member States. The candidate countries "
        "Montenegro, Serbia and the former Yugoslav Republic of Macedonia, as well as Ukraine and the Republic of "
        "Moldova, align themselves with this statement. We thank you."
    )
    read = spoken_for(text, STATES.resolve("Belgium"), "2012-09-05", STATES)
    assert read.on_behalf_of == (EU,)
    assert read.aligned_with == ()
    assert read.joined_by == (
        "Montenegro", "Serbia", "the former Yugoslav Republic of Macedonia", "Ukraine", "Republic of Moldova",
    )  # fmt: skip


def test_the_states_may_follow_a_colon() -> None:
    text = "I speak on behalf of the European Union. The following countries align themselves with this statement: Albania, Norway."
    assert spoken_for(text, None, "2020-01-01", STATES).joined_by == ("Albania", "Norway")


def test_one_organisation_has_the_name_of_the_day() -> None:
    text = "I have the honour to speak on behalf of the OIC."
    assert spoken_for(text, None, "2009-07-23").on_behalf_of == ("Organization of the Islamic Conference",)
    assert spoken_for(text, None, "2014-09-08").on_behalf_of == ("Organization of Islamic Cooperation",)


def test_abbreviations_count_in_capitals_only() -> None:
    assert find_groups("We must act, and can act, on an eu of the mind.") == []
    assert [name for _, name in find_groups("the EU, NAM and the G-77")] == [EU, NAM, G77]


def test_a_speech_of_no_words_speaks_for_nobody() -> None:
    assert spoken_for("", None).on_behalf_of == ()


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    spoken_for("I speak on behalf of " + text, STATES.resolve("Ghana"), "2015-01-01", STATES)
    spoken_for("We align ourselves with the statement of " + text, None, None, STATES)


@given(st.sampled_from(SPEAKS), st.sampled_from(["\n", "  ", " \n "]))
def test_line_breaks_do_not_matter(case: tuple[str, str, list[str]], blank: str) -> None:
    state, text, expected = case
    if "\n\n" not in text:
        broken = text.replace(" ", blank)
        assert list(spoken_for(broken, STATES.resolve(state), "2015-06-01", STATES).on_behalf_of) == expected


# -- tables -----------------------------------------------------------------------------------------------------


def test_every_group_and_every_membership_names_its_source() -> None:
    for name in ("groups.csv", "memberships.csv"):
        assert [row for row in rows(name) if not row["source"]] == []


def test_every_name_and_alias_leads_to_its_group() -> None:
    for group in groups():
        for name in (group.name, *group.aliases):
            found = find_group(name)
            if "+" not in name:
                assert found is not None and found.id == group.id, name


def test_memberships_are_of_known_groups_and_states() -> None:
    known = {group.id for group in groups()}
    assert {row["group"] for row in rows("memberships.csv")} <= known
    assert {row["iso3"] for row in rows("memberships.csv") if STATES.by_code(row["iso3"]) is None} == set()


@pytest.mark.parametrize(
    ("group", "date", "count"),
    [
        ("EU", "2003-01-01", 15), ("EU", "2005-01-01", 25), ("EU", "2009-07-23", 27), ("EU", "2014-01-01", 28),
        ("EU", "2021-05-17", 27), ("NORDIC", None, 5), ("NB8", None, 8), ("CANZ", None, 3), ("AFRICAN", None, 54),
        ("AFRICAN", "2010-01-01", 53), ("ASEAN", "2018-06-25", 10), ("CARICOM", None, 14), ("ARAB", None, 22),
        ("OIC", "2010-01-01", 57), ("AU", "2018-01-01", 54), ("AU", "2010-01-01", 52), ("GRULAC", None, 33), ("PSIDS", None, 12),
    ],
)  # fmt: skip
def test_members_are_counted_on_the_day(group: str, date: str | None, count: int) -> None:
    assert len(members(group, date)) == count


def test_members_may_be_asked_for_by_name_and_unknown_ones_are_empty() -> None:
    assert members("Benelux countries") == {"BEL", "NLD", "LUX"}
    assert members("Group of Friends of the Responsibility to Protect") == frozenset()
    assert members("nobody") == frozenset()
