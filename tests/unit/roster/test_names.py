"""Names as the division writes them become kinds and short names that people use."""

from __future__ import annotations

from collections import Counter

import pytest

from shared.roster import (
    UnitKind,
    clean_name,
    clean_text,
    doubtful_characters,
    kind_of,
    refused_characters,
    short_name,
)

from .drill import baohe, hefei, imported


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("陆大村民委员会", "陆大村"),
        ("南河村村民委员会", "南河村"),
        ("童坛村委会", "童坛村"),
        ("新村村委会", "新村"),
        ("官塘社区居民委员会", "官塘社区"),
        ("填海巷社区居委会", "填海巷社区"),
        ("太湖新村社区居民委员会", "太湖新村社区"),
        ("琼临居民委员会", "琼临"),
        ("贾郢村居民委员会", "贾郢村"),
        ("赵岗社区村民委员会", "赵岗社区"),
        ("柏景湾社区委员会", "柏景湾社区"),
        ("阿奎利亚社区居民委员", "阿奎利亚社区"),
        ("巴音嘎查村民委员会", "巴音嘎查"),
        ("大村民委员会", "大村"),
        ("骆岗街道", "骆岗街道"),
        ("骆岗街道办事处", "骆岗街道"),
        ("坝镇镇", "坝镇镇"),
        ("坝镇镇人民政府", "坝镇镇"),
        ("肥东经济开发区管理委员会", "肥东经济开发区"),
        ("紫蓬山管委会", "紫蓬山"),
        ("天乐社区服务中心", "天乐社区"),
        ("庐阳工业区（林店街道）", "庐阳工业区（林店街道）"),
        ("村民委员会", "村民委员会"),
        ("居委会", "居委会"),
        ("包河区第四十八中学", "包河区第四十八中学"),
    ],
)
def test_a_short_name_drops_the_legal_suffix_and_nothing_else(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("340111100", "淝河镇", UnitKind.TOWN_ORGAN),
        ("340122206", "牌坊回族满族乡", UnitKind.TOWN_ORGAN),
        ("340111100", "淝河", UnitKind.TOWN_ORGAN),
        ("340111001", "骆岗街道", UnitKind.STREET_ORGAN),
        ("340111001", "骆岗", UnitKind.STREET_ORGAN),
        ("340111400", "滨湖世纪社区", UnitKind.STREET_ORGAN),
        ("340121401", "安徽省水家湖农场", UnitKind.STREET_ORGAN),
        ("340122401", "肥东经济开发区管理委员会", UnitKind.STREET_ORGAN),
        ("340111002201", "陆大村民委员会", UnitKind.VILLAGE),
        ("340122100035", "赵岗社区村民委员会", UnitKind.VILLAGE),
        ("340111001008", "官塘社区居民委员会", UnitKind.COMMUNITY),
        ("340104100205", "贾郢村居民委员会", UnitKind.COMMUNITY),
        ("340104100401", "科学岛社区", UnitKind.COMMUNITY),
        ("340124401400", "安徽省白湖监狱管理分局管理区", UnitKind.COMMUNITY),
        ("340111001199", "某处", UnitKind.COMMUNITY),
        ("340111001200", "某处", UnitKind.VILLAGE),
        ("340111001399", "某处", UnitKind.VILLAGE),
        ("340111001500", "某处", UnitKind.VILLAGE),
        ("340111001-S01", "骆岗村委会小学", UnitKind.SCHOOL),
        ("340111001-H01", "医院", UnitKind.HOSPITAL),
        ("340111001-X01", "城管中队", UnitKind.OTHER),
        ("", "无", UnitKind.OTHER),
    ],
)
def test_a_kind_is_what_the_name_says_else_what_the_code_says(code: str, name: str, kind: UnitKind) -> None:
    assert kind_of(code, name) is kind


def test_baohe_has_149_units_of_the_kinds_its_plan_counts_on() -> None:
    units = imported({}, baohe())
    assert Counter(unit.kind for unit in units.values()) == {
        UnitKind.TOWN_ORGAN: 2,
        UnitKind.STREET_ORGAN: 11,
        UnitKind.VILLAGE: 31,
        UnitKind.COMMUNITY: 105,
    }


def test_every_short_name_of_two_real_rosters_is_one_that_people_say() -> None:
    for reading in (baohe(), hefei()):
        for entry in reading.entries:
            short = short_name(entry.name)
            assert 2 <= len(short) <= len(entry.name), entry
            assert entry.name.startswith(short[:-1])
            assert "委" not in short, entry
            assert not short.endswith(("村村", "社区村", "社区社区")), entry
            if kind_of(entry.code, entry.name) is UnitKind.VILLAGE:
                assert short.endswith(("村", "社区")), entry


def test_no_two_places_of_a_town_share_a_short_name() -> None:
    for reading in (baohe(), hefei()):
        places = [entry for entry in reading.entries if len(entry.code) == 12]
        seen = Counter((entry.code[:9], short_name(entry.name)) for entry in places)
        assert [key for key, times in seen.items() if times > 1] == []


def test_typed_text_loses_its_full_width_digits_and_spare_white_space() -> None:
    assert clean_text("　Ｎo．１２ \t\n 号 ") == "No．12 号"
    assert clean_text("张\u200b三\ufeff") == "张三"
    assert clean_text("张　三、李四") == "张 三、李四"


def test_a_name_closes_up_between_chinese_characters_only() -> None:
    assert clean_name(" 骆 岗　街道 ") == "骆岗街道"
    assert clean_name("第 48 中学") == "第 48 中学"
    assert clean_name("\U00021413 家 村") == "\U00021413家村"


def test_control_characters_are_refused_and_private_ones_only_doubted() -> None:
    assert refused_characters("骆\x1b岗\x85\u202e\x1c") == ("U+001B", "U+0085", "U+202E", "U+001C")
    assert refused_characters("骆岗\U00021413\u3447·") == ()
    assert refused_characters("\ue170") == ()
    assert refused_characters("骆\ufffe岗\uffff") == ("U+FFFE", "U+FFFF")
    assert doubtful_characters("骆\ue170岗\ufffd") == ("U+E170", "U+FFFD")
    assert doubtful_characters("骆岗\U00021413") == ()


def test_cleaning_never_hides_a_control_character() -> None:
    for number in (*range(0x20), 0x7F, *range(0x80, 0xA0)):
        if chr(number) not in "\t\n\r":
            assert refused_characters(clean_text(f"骆{chr(number)}岗")), hex(number)
