"""Names of people who don't exist: the same ones in the same order each time."""

import random
from collections.abc import Iterator

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "建国 志强 晓明 海燕 丽华 国庆 春生 玉兰 秀英 文博 思远 雨桐 子涵 佳宁 立新 永刚 红梅 "
    "艳玲 振华 学军 静怡 浩然 俊杰 慧敏 志远 雪松 彩霞 金凤 占军 宝山 庆丰 瑞芳 素芬 卫东 "
    "爱民 凤霞 树林 长青 广志 淑贞 磊 娜 洋 敏 静 伟 勇 芳 杰 涛 超 霞 平 刚 桂英 鹏 飞 "
    "琳 帆 蕾 颖 宁 旭 悦 欣 楠 晨 阳 凯 婷"
).split()


def names(seed: int) -> Iterator[str]:
    """Names without end."""
    choice = random.Random(seed).choice
    while True:
        yield choice(_SURNAMES) + choice(_GIVEN)
