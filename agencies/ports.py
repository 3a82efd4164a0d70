"""What this folder asks of those above it: lists that ``app.py`` fills."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ENTRY_WORDS: dict[str, LazyString] = {
    "absence.began": _l("请假开始"),
    "absence.ended": _l("提前结束请假"),
    "absence.entered": _l("登记请假"),
    "absence.over": _l("请假期满"),
    "absence.withdrawn": _l("取消请假"),
    "agency.edited": _l("修改机构资料"),
    "agency.imported": _l("导入机构"),
    "backup.restored": _l("从备份恢复"),
    "calendar.day_cleared": _l("恢复日历"),
    "calendar.day_set": _l("设置日历"),
    "contact.bounced": _l("联系方式失效"),
    "contact.changed": _l("登记联系方式"),
    "contact.code_requested": _l("获取验证码"),
    "contact.removed": _l("删除联系方式"),
    "contact.verified": _l("验证联系方式"),
    "person.activated": _l("启用账号"),
    "person.created": _l("建立账号"),
    "person.deactivated": _l("停用账号"),
    "person.invited": _l("发出邀请"),
    "person.locked": _l("锁定账号"),
    "person.password_changed": _l("修改密码"),
    "person.password_set": _l("凭邀请设置密码"),
    "person.renamed": _l("修改姓名"),
    "person.signed_in": _l("登录"),
    "person.signed_out": _l("退出登录"),
    "person.signed_out_everywhere": _l("在各处退出登录"),
    "person.unlocked": _l("解锁账号"),
    "seat.created": _l("设立岗位"),
    "seat.ended": _l("撤销岗位"),
    "seat.left": _l("离岗"),
    "seat.taken": _l("任岗"),
    "token.issued": _l("签发密钥"),
    "token.revoked": _l("停用密钥"),
}
"""What the auditor reads for a kind of entry; folders above add their own."""
