"""What asks those above inside a paper that must not, and what only tells of asking: pure."""

import pytest

from bulletins.asking import asked, several_matters, several_wants

CERTAIN = (
    "另，恳请省局解决经费。",
    "请市政府拨付专项资金50万元。",
    "恳请上级部门给予资金支持。",
    "现申请省局追加检测经费80万元。",
    "望省局早日批准该项目。",
    "以上妥否，请批示。",
    "当否，请审示",
    "恳请批准。",
    "请予批复",
    "特此请示。",
    "请给予指示",
    "请求市委、市政府协调解决办公用房问题。",
    "敬请省市场监督管理局予以支持。",
    "请领导批示。",
    "以上报告如无不妥，请批转各地执行。",
    "因经费紧张，恳请贵局在设备购置上给予倾斜。",
    "请国家市场监督管理总局明确执法依据。",
)
DOUBTFUL = (
    "建议省局统一协调跨区域执法。",
    "希望上级加大对基层的技术支持。",
    "为此，请求拨付补助经费。",
    "以上情况，望予支持。",
    "特此报告，请阅示。",
    "盼望上级部门给予指导。",
    "恳请解决人员不足的困难。",
    "以上困难，请予协调解决。",
    "抽检120批次，请省局专家现场指导企业整改12家。",
    "申请国家专利补助资金200万元已到位。",
    "12月起，申请省级质量奖补助的企业须先审核。",
    "请上级机关批准后实施的项目共3个。",
)
TELLING = (
    "已报请市政府批准。",
    "请批评指正。",
    "特此报告。",
    "特此报告，请审阅。",
    "根据关于人员的请示的批复",
    "提请审议并通过",
    "请各县区局协调解决群众反映的问题。",
    "企业请求我局协调解决检测难题，已全部办结。",
    "全年受理群众请求解决的投诉1200件。",
    "去年曾请求省局支持，经费已到位。",
    "下一步，争取上级资金支持，解决设备老化问题。",
    "在省局的大力支持下，问题已经解决。",
    "经省政府批准，我市设立了检验中心。",
    "会议邀请省局领导指导工作。",
    "以上报告，请予审阅。",
    "各县区普遍希望省局加大支持力度。",
    "全市申请设立登记企业3200户，批准2900户。",
    "请有关单位予以支持。",
    "行政许可申请批准率为98%。",
    "我局申请的专利获得国家批准。",
    "收到市政府办公室关于请求解决经费问题的来函。",
    "人大代表建议市政府加大监管力度，我局已答复。",
    "请各位领导批评指正。",
    "加强与上级部门沟通协调，争取支持。",
    "我局主动请省局专家到企业指导，帮助解决技术难题。",
    "按照省局要求，请示报告制度得到落实。",
)


def test_what_asks_is_found_and_what_only_tells_is_not() -> None:
    expected = {**dict.fromkeys(CERTAIN, True), **dict.fromkeys(DOUBTFUL, False)}
    told = {text: asked(f"一季度工作情况如下。\n\n{text}") for text in (*expected, *TELLING)}
    wrong = {
        text: found
        for text, found in told.items()
        if (found[1] if found else None) != expected.get(text)
    }
    assert wrong == {}


def test_the_words_are_shown_and_certain_ones_first() -> None:
    text = "建议省局统一协调。\n\n另，恳请省局解决经费。特此报告。"
    assert asked(text) == ("恳请省局解决", True)
    assert asked("以上困难，请予协调解决。\n\n特此报告。") is None
    assert asked("以上困难，请予协调解决。") == ("请予协调", False)


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("关于增加编制和拨付经费的请示", "", "关于增加编制和拨付经费的请示"),
        ("关于购置检测设备并改造实验室的请示", "", "关于购置检测设备并改造实验室的请示"),
        ("关于检验中心建设的请示", "一是请批准立项；二是请拨付补助。", "请批准…请拨付"),
        ("关于检验中心建设的请示", "（一）申请增拨经费。\n（二）请核定编制。", "申请增拨…请核定"),
        ("关于增拨检测经费的请示", "一是业务增加；二是设备老化。为此，申请增拨经费。", None),
        ("关于增拨检测经费的请示", "1. 设备陈旧。\n2. 请拨付经费20万元。", None),
        ("关于举办质量月启动仪式的请示", "一、基本情况\n二、请示事项\n拟于9月举办。", None),
    ],
)
def test_a_request_asks_for_one_thing(title: str, body: str, words: str | None) -> None:
    assert several_wants(title, body) == words


def test_a_title_may_leave_no_doubt_of_several_matters() -> None:
    assert several_matters("关于增加编制、经费等事项的请示") == "等事项"
    assert several_matters("关于增拨检测经费的请示") is None
