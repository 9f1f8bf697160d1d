"""What columns are called, in both languages: the vocabulary behind the proposal of a mapping.

Names are compared in a plain form (`plain_name`): half width, lower case, without question numbers, spaces and
punctuation. Each role has exact names and patterns; a role's names never decide alone, the contents must agree
(see `pipelines/columns.py`).
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Role = Literal[
    "text", "title", "reply", "score", "created_at", "external_id", "customer_id", "email", "phone", "customer_name",
    "touchpoint", "coded", "technical", "thing", "speaker",
]  # fmt: skip

_EXACT: dict[Role, str] = {
    "text": "评论内容 评论 评价 评价内容 评价详情 内容 您的建议 建议 意见 意见建议 意见和建议 意见与建议 意见反馈 反馈 反馈内容 反馈意见 反馈详情"
    " 留言 留言内容 留言详情 投诉内容 投诉详情 问题描述 描述 详情 详细描述 正文 文本 追评 追评内容 追加评论 追加评价 初评内容 评论全文 用户评论 用户评价"
    " 客户评价 客户反馈 客户意见 客户建议 用户反馈 顾客评价 买家评论 买家评价 点评 点评内容 原声 客户原声 用户原声 心得 感受 优点 缺点 原因 理由 其他建议"
    " 其他意见 改进建议 补充说明 会话内容 消息内容 消息 评语 来信内容 诉求内容 工单内容 咨询内容 "
    "text texts comment comments review reviews reviewtext reviewcontent reviewbody reviewcomment reviewcomments "
    "reviewdescription feedback feedbacks feedbacktext content contents body message messages messagebody verbatim "
    "verbatims opentext openended openendedresponse openendedresponses remark remarks description complaint "
    "complaints complaintwhathappened consumercomplaintnarrative "
    "suggestion suggestions opinion opinions answer answers responsetext freetext utterance sentence sentences "
    "tweet post note notes statement narrative transcript usercomment usercomments customerfeedback "
    "customercomment customercomments customerreview ratecontent appendcomment appendcommentcontent reviewstext "
    "verifiedreviews additionalcomments othercomments anyothercomments pros cons likes dislikes whatyoulike reason "
    "plainbody rawtext originaltext commenttext commentbody summarytext document documents query inquiry",
    "title": "标题 主题 留言主题 留言标题 评论标题 评价标题 邮件主题 工单标题 反馈标题 title subject reviewtitle headline summary "
    "reviewsummary subjectline rawsubject reviewheadline reviewstitle commenttitle",
    "reply": "答复意见 答复 答复内容 回复 回复内容 商家回复 客服回复 卖家回复 官方回复 店家回复 掌柜回复 答复时间 回复时间 处理结果 处理意见 处理说明 "
    "developerreplytext companyreplytext ownerresponse ownerreply reply replies replycontent replytext companyresponse "
    "companyresponsetoconsumer companypublicresponse agentreply response_from_owner businessreply responsefromowner",
    "score": "评分 打分 得分 分数 星级 星数 评星 总评分 总体评分 综合评分 总体评价 总体满意度 整体满意度 满意度 满意度评分 推荐度 推荐分 推荐意愿 评级 好评度 "
    "nps nps分值 npsscore npsrating star stars starrating score scores rating ratings overallrating overall "
    "overallscore overallsatisfaction csat csatscore ces cesscore satisfaction satisfactionscore satisfactionrating "
    "satisfactionlevel rate reviewrating reviewstars reviewscore reviewsrating userrating ffscore starsrating point "
    "points grade likelihoodtorecommend recommendscore customerrating averagerating reviewerscore 评价等级 评价星级",
    "created_at": "时间 日期 评论时间 评价时间 评论日期 评价日期 留言时间 提交时间 提交答卷时间 答题时间 结束答题时间 反馈时间 反馈日期 创建时间 创建日期 发布时间 发布日期 "
    "填写时间 购买时间 下单时间 投诉时间 受理时间 时间戳 时间戳记 打分时间 初评时间 会话时间 来电时间 "
    "date time datetime timestamp created createdat createdon createdate createddate creationtime creationdate "
    "reviewdate reviewtime reviewcreated reviewcreatedutc reviewsubmitdateandtime submitdate submitdateutc submittedat "
    "submissiondate submissiontime submitted datesubmitted submittime recordeddate enddate endtime completedat "
    "posted postedat postdate publishedat publishdate publicationdate feedbackdate surveydate responsedate ratedate "
    "datereceived dateadded datecreated messagetime at on unixreviewtime reviewsdate completiontime 完成时间",
    "external_id": "序号 编号 评论编号 评论id 评价编号 留言编号 答卷编号 答卷id 工单号 工单编号 投诉编号 反馈编号 订单号 订单编号 记录id 流水号 唯一id "
    "id no number uid guid uuid reviewid reviewsid commentid feedbackid responseid respondentid submissionid answerid "
    "ticketid ticketnumber caseid orderid ordernumber referenceid recordid rowid index serialnumber token entryid "
    "messageid complaintid externalid token conversationid interactionid opportunityid dealid instanceid surveyid",
    "customer_id": "用户id 用户编号 用户标识 客户id 客户编号 客户号 客户代码 客户 会员id 会员号 会员编号 会员卡号 留言用户 账号 账户 账户名 顾客编号 买家id "
    "userid customerid customer customernumber customercode customerno clientid client memberid membernumber "
    "accountid account accountname accountnumber buyerid contactid openid unionid externalreference reviewerid "
    "visitorid personid subscriberid customerref crmid 客户名称 公司 公司名称 企业名称 company companyname user",
    "email": "邮箱 电子邮箱 邮件 电子邮件 邮箱地址 电子邮件地址 邮件地址 email emailaddress mail useremail customeremail recipientemail requesteremail "
    "respondentemail contactemail",
    "phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 移动电话 来电号码 phone phonenumber mobile mobilephone mobilenumber tel telephone "
    "cell cellphone contactnumber customerphone",
    "customer_name": "姓名 昵称 用户名 用户昵称 客户姓名 会员昵称 会员名 联系人 买家昵称 称呼 作者 评论者 名字 name fullname username nickname author "
    "reviewer reviewername customername contactname displayname screenname reviewernickname reviewsusername "
    "displayusernick firstname requester respondent respondentname reviewconsumerusername",
    "touchpoint": "触点 接触点 服务触点 环节 服务环节 旅程 旅程阶段 客户旅程 touchpoint touchpoints journeystage journeystep journey "
    "servicestage contactpoint",
    "coded": "标签 分类 类别 类目 主题词 关键词 情感 情感倾向 情绪 极性 一级分类 二级分类 tag tags label labels category categories theme "
    "themes topic topics keyword keywords code codes polarity polarities sentiment aspect aspects aspectterm aspectterms "
    "opinionterms target intent class emotion 一级标签 二级标签 三级标签 三级分类",
    "technical": "来自ip ip地址 ip 用时 所用时间 答题时长 来源 来源详情 浏览器 操作系统 ua 开始答题时间 语言 清洗数据结果 总分 页面 网址 链接 图片 图片链接 附件 "
    "ipaddress ipaddr useragent browser os device startdate startdateutc starttime stagedateutc starttimestamp "
    "timestarted durationinseconds duration finished progress status distributionchannel userlanguage language "
    "locationlatitude locationlongitude latitude longitude collectorid networkid responsetype url link reviewlink "
    "href image images imageurl avatar photo photos permalink refurl seed lastpage startlanguage landedat "
    "meta hash checksum session sessionid recipientlastname recipientfirstname startedat",
    "thing": "商品 商品名 商品名称 商品标题 产品 产品名称 产品型号 型号 手机型号 店铺 店名 店铺名称 门店 门店名称 酒店 酒店名称 规格 款式 颜色 地址 位置 城市 省份 "
    "productname product producttitle producttype sku item itemname itemtitle variant variation brand brandname store storename shop "
    "hotel hotelname hoteladdress address city state country location place app appname productcolor productsize "
    "department division jobtitle company position role model auctionsku reference referencename agent salesagent "
    "assignee group organisation organization",
    "speaker": "说话人 发言人 讲话人 speaker speakername",
}  # fmt: skip

_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("reply", r"答复|回复|(?:developer|company|owner|merchant|seller|agent|business|staff|official)(?:reply|response)|replyfrom|responsefrom"),
        ("technical", r"^ip$|ipaddress|useragent|browserinfo|durationin|^resolution|millissinceepoch|importid|^点赞|点赞数|回复数|评论数|浏览量|阅读量|votes?count|helpfulvotes|^gc|firstclick|lastclick|pagesubmit|clickcount"),
        ("email", r"e?mailaddress$|邮箱$|^email"),
        ("phone", r"手机号|电话号|phonenumber|mobilenumber|联系电话"),
        ("score", r"评分$|打分$|星级$|满意度$|满意程度$|推荐度|推荐程度|npsscore|^nps|nps$|starrating|overallrating|(?:^|[a-z])rating$|satisfactionscore|score$"),
        ("score", r"有多大可能.*推荐|多大程度.*推荐|推荐给.*(?:可能|朋友|同事)|howlikely.*recommend|likelyareyouto|likelihood.*recommend|howsatisfied|多满意|满意吗|howwouldyourate|howeasy|容易程度|轻松程度|费力程度|easeof"),
        ("customer_id", r"^(?:user|customer|client|member|buyer|account|contact|crm)(?:id|no|number|code|ref)$|(?:用户|客户|会员|顾客|买家|账号|账户)(?:id|编号|号|代码|标识)$"),
        ("external_id", r"(?:review|comment|feedback|response|respondent|submission|ticket|case|order|record|answer|message|opportunity|deal|complaint)(?:id|no|number)$|(?:评论|评价|留言|答卷|工单|订单|投诉|反馈|记录)(?:id|编号|号)$"),
        ("created_at", r"(?:评论|评价|留言|提交|反馈|创建|发布|填写|投诉|发表)(?:时间|日期)|(?:submitted|created|review|posted|feedback|submission|registered|registration)(?:at|on|date|time)(?:utc)?$"),
        ("coded", r"(?:themes?|keywords?|tags?|labels?|codes?|categor(?:y|ies)|sentiment|polarity|标签|关键词|分类|类别|情感)$"),
        ("title", r"(?:标题|主题)$|(?:review|comment|message|ticket|feedback)(?:title|subject|headline|summary)$"),
        ("text", r"^q\d+(?:[_\d])*text$|(?:评论|评价|留言|反馈|投诉|诉求|意见|建议|追评)(?:内容|正文|详情|文本)$|(?:review|comment|feedback|response|answer|message|verbatim)(?:text|body|content|comments?)$|(?:您|你)的(?:意见|建议|反馈|看法|想法)|意见(?:或|和|与|及)?建议|建议(?:或|和|与|及)?意见|openended|(?:additional|other|general|further)comments?|pleaseexplain|pleasespecify|请说明|请具体|请填写|不满意的原因|原因是|为什么"),
        ("text", r"(?:review|comment|feedback|suggestion|complaint|verbatim)s?$|(?:意见|建议|评论|反馈|留言|吐槽|点评)$"),
        ("touchpoint", r"触点|接触点|touchpoint|旅程阶段|journeystage"),
    )
)  # fmt: skip

_NUMBERING = re.compile(r"^\s*(?:q(?:uestion)?\s*)?\d{1,3}(?:\s*[.．、:：)）]|\s*[-_—]\s*|\s+(?=\D))\s*", re.IGNORECASE)
_KEEP = re.compile(r"[\W_]+")
_TABLES: dict[str, Role] = {}
for _role, _names in _EXACT.items():
    for _name in _names.split():
        _TABLES.setdefault(_name, _role)


def plain_name(name: str) -> str:
    """Return a column name for comparison: half width, lower case, no question number, spaces or punctuation."""
    text = unicodedata.normalize("NFKC", name).strip().lower()
    return _KEEP.sub("", _NUMBERING.sub("", text) or text)


@lru_cache(maxsize=8_192)
def named_role(name: str) -> Role | None:
    """Return the role that a column's name claims, or None where the name says nothing.

    Exact names come before patterns, and the last part of a dotted name (`author.name`) before giving up.
    """
    plain = plain_name(name)
    if plain in _TABLES:
        return _TABLES[plain]
    raw = _KEEP.sub("", unicodedata.normalize("NFKC", name).lower())
    for role, pattern in _PATTERNS:
        if pattern.search(plain) or pattern.search(raw):
            return role
    if "." in name and not name.endswith(".") and " " not in name:
        return named_role(name.rsplit(".", 1)[1])
    return None


def is_question(name: str) -> bool:
    """Return whether a column name reads as a question put to somebody, rather than as a field's name."""
    text = unicodedata.normalize("NFKC", name).strip()
    if text.endswith(("?", ":")) or "?" in text or "______" in text:
        return True
    if _NUMBERING.match(text) and len(text) > 8:
        return True
    wide = sum(ord(character) >= 0x2E80 for character in text)
    return wide >= 12 or len(text.split()) >= 6
