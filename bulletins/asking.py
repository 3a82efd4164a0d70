"""The words by which a paper asks something of those above, and by which a request asks twice.

条例 第十五条 (四): 请示应当一文一事；不得在报告等非请示性公文中夹带请示事项. A pure table: what
leaves no doubt is refused, what may be meant otherwise is shown to whoever looks at the paper. That
somebody else asked, that it was asked before, or that those below are asked, is no request.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

_ABOVE = (
    r"(?<![各县镇村我本])(?:上级|贵[局厅委办]|总局|国家|中央|领导|党组|"
    r"[省市县区州](?:委|厅|局|府|里|级|政府|人民政府|[一-鿿]{1,12}?(?:局|厅|委|政府|部门|办公室)))"
)
"""Someone above, as a paper names them: 省局, 市政府, 上级部门."""

_DECIDES = "批准|批复|批示|审批|核准|核定|同意|拨付|划拨|下拨|追加|增拨|增补|解决|立项|减免"
_HELPS = (
    "支持|协调|帮助|安排|给予|予以|增加|增配|配备|调剂|倾斜|补助|补贴|延期|答复|研究|考虑|"
    "指导|明确|出台|统筹|加大|加强|关心|重视"
)
_NOT_REPORTED = "(?<![报申提呈函商邀聘])"
_NOW = r"(?:(?<![一-鿿])|(?<=[现特谨故此另拟]))"
"""At the beginning of a clause: elsewhere 请 and 申请 mostly tell of what was done."""


@dataclass(frozen=True)
class Wording:
    """Words that ask. ``is_certain``: they can't be meant otherwise.

    ``at_end``: only in a paper's last sentence do they ask.
    """

    pattern: re.Pattern[str]
    is_certain: bool
    at_end: bool = False


def _words(pattern: str, *, is_certain: bool = False, at_end: bool = False) -> Wording:
    return Wording(re.compile(pattern), is_certain, at_end)


WORDINGS = (
    # 妥否，请批示; 请予批准; 特此请示: how a 请示 ends, whoever is meant
    _words(r"(?:妥否|当否|可否|是否妥当)[，,、]?\s*(?:敬|恳)?请[^。\n]{0,8}", is_certain=True),
    _words(
        rf"{_NOT_REPORTED}(?:敬|恳|特)?请(?:予以?|给予|尽快|及时|早日)?"
        r"(?:批示|批复|审批|审定|核准|批准|批转|指示)",
        is_certain=True,
    ),
    _words(r"特此请示|现请示如下|请示如下", is_certain=True),
    # 恳请省局解决经费; 请求上级给予支持; 现申请市政府追加资金
    _words(
        rf"(?:恳请|请求|敬请|{_NOW}申?请)[^，,]{{0,6}}?{_ABOVE}"
        rf"[^，,]{{0,24}}?(?:{_DECIDES}|{_HELPS})",
        is_certain=True,
    ),
    # 望省局早日批准: a wish for a decision
    _words(rf"(?:望|盼)[^，,]{{0,6}}?{_ABOVE}[^，,]{{0,24}}?(?:{_DECIDES})", is_certain=True),
    # 恳请解决…; 请求拨付…: nobody is named
    _words(rf"(?:恳请|请求|{_NOW}申请)[^，,]{{0,12}}?(?:{_DECIDES}|支持|帮助|协调)"),
    # 建议省局统一协调; 希望上级加大支持: advice to those above, or a request in other words
    _words(
        rf"(?:建议|希望|期望|期盼|望|盼)[^，,]{{0,6}}?{_ABOVE}[^，,]{{0,24}}?(?:{_DECIDES}|{_HELPS})"
    ),
    # 请予支持; 望协调解决; 请阅示: as the last words
    _words(
        rf"(?:{_NOW}请|望|盼|希望)[^，,]{{0,8}}?(?:{_DECIDES}|{_HELPS}|阅示|审示)",
        at_end=True,
    ),
)

_BEFORE = re.compile(
    r"(?:已|曾|经|先后|多次|此前|前期|去年|上年|早在|未|无须|无需|不再)[^，,]{0,12}$"
    r"|(?:群众|企业|商户|商家|消费者|投诉人|当事人|经营者|业主|代表|委员|基层|协会|对方|其"
    r"|[县区乡镇][^，,]{0,8}|各[^，,]{1,8}|部分[^，,]{1,8})[^，,]{0,6}$"
    r"|(?:关于|根据|按照|依据|受理|收到|《)[^，,]{0,24}$"
)
"""What stands before words that only tell of asking: another's, or asked already."""

_AFTER = re.compile(
    r"[^，,]{0,16}?(?:的(?:企业|单位|个人|机构|产品|项目|事项)|已(?:经|到位|办|获|落实|解决|完成)"
    r"|后(?![续勤备])|\d+(?:个?批次|余?家|人次))"
)
"""What follows words that may only tell of asking: 申请国家补助的企业; 请省局专家指导企业12家."""

_BELOW = re.compile(
    r"(?:恳请|请求|敬请|请|望|希望|建议)(?:各|你|所属|下级|有关单位|广大|大家|全体|相关)"
)
_SENTENCE = re.compile(r"[^。！!？?；;\n]+")


def asked(text: str) -> tuple[str, bool] | None:
    """The words by which a text asks those above for something, and whether that is certain.

    Of several the first certain ones.
    """
    sentences = [one[0].strip() for one in _SENTENCE.finditer(text) if one[0].strip()]
    doubtful = None
    for number, sentence in enumerate(sentences, start=1):
        for wording in WORDINGS:
            if wording.at_end and number < len(sentences):
                continue
            match = wording.pattern.search(sentence)
            if match is None or _only_tells(sentence, match):
                continue
            if wording.is_certain and not _AFTER.match(sentence, match.end()):
                return match[0].strip(), True
            doubtful = doubtful or match[0].strip()
    return (doubtful, False) if doubtful else None


def _only_tells(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[: match.start()]
    return bool(_BEFORE.search(before) or _BELOW.match(match[0]))


_MATTERS = re.compile(r"等(?:事项|问题|事宜|工作)|若干|多项|关于.+关于")
_WANTS = (
    "增加|增设|增拨|追加|拨付|解决|批准|设立|成立|调整|购置|采购|新建|建设|改造|申请|减免|"
    "招聘|招录|任命|表彰|变更|延长|举办|核定|配备"
)
_TWO_WANTS = re.compile(rf"关于(?:{_WANTS})[^，,]+?(?:和|及|以及|并|、)(?:{_WANTS})[^，,]*")
_ITEM = re.compile(
    r"(?:[一二三四五六七八九]是|第[一二三四五六七八九][，,、]|其[一二三四五][，,、]|[（(][一二三四五六七八九][)）]"
    r"|(?:^|\n)\s*(?:[一二三四五六七八九]、|[1-9][.．、]))"
)
_ITEM_ASKS = re.compile(
    rf"(?:恳请|请求|申请|拟|{_NOT_REPORTED}请|希望|望)[^。；;\n]{{0,30}}?(?:{_WANTS}|{_DECIDES}|{_HELPS})"
)


def several_matters(title: str) -> str | None:
    """The words by which a title names more than one matter beyond doubt."""
    match = _MATTERS.search(title)
    return match[0] if match else None


def several_wants(title: str, text: str) -> str | None:
    """The words by which a request may ask for more than one thing: its title's, or its items'.

    Of items (一是…二是…, （一）…（二）…) two at least must ask.
    """
    match = _TWO_WANTS.search(title)
    if match:
        return match[0]
    starts = [one.start() for one in _ITEM.finditer(text)]
    items = [text[begin:end] for begin, end in pairwise([*starts, len(text)])]
    asking = [found[0] for one in items if (found := _ITEM_ASKS.search(one))]
    return "…".join(asking[:3]) if len(asking) > 1 else None
