# 磁条检查的用语。

outcome-refuse = 应拒绝此磁条
outcome-heed = 没有禁止使用此磁条的理由，但须遵守其要求
outcome-accept = 此磁条没有问题

heading-track = 磁道

## 行首标签

label-digit-1 = 服务代码
label-digit-2 = 第二位
label-digit-3 = 第三位
label-check-character = 校验字符
label-check-digit = 卡号校验位
label-length = 长度

length = { $length } 个字符，其中发卡行自定义 { $issuers } 位

## 证据

seen-fault = { $what }：第 { $position } 个字符
seen-check = 磁条上的校验字符为 { $given }，按读出内容计算为 { $computed }
seen-check-digit = { $number } 的末位与其他位算出的校验位不符
seen-differ = { $what }：磁条为 { $own }，{ $whose }为 { $other }
seen-digit = 服务代码第 { $place } 位为 { $digit }：{ $meaning }
seen-chip-answered = 服务代码 { $code } 表示无芯片，但失败之前芯片有应答：{ $reason }
seen-closed-region = 中国内地不受理芯片卡的磁条
seen-unattended = 终端无人值守
seen-technical = 芯片属技术故障：{ $reason }
seen-not-technical = 芯片并非技术故障：{ $reason }
seen-scheme-permits = 终端没有该卡的应用：仅在卡组织允许时
seen-region-unknown = 中国内地应拒绝；请用 --country 指明终端所在地
seen-expired = { $expires } 已过期，今天是 { $date }
seen-same-as-chip = 发卡行自定义的 { $count } 位与芯片相同

## 磁道错误

word-fault-empty = 没有二磁道
word-fault-read-error = 读卡器报告错误
word-fault-no-start = 缺少起始符
word-fault-no-end = 缺少结束符
word-fault-after-end = 结束符之后不是校验字符
word-fault-too-long = 超过 37 个字符
word-fault-no-separator = 卡号之后没有分隔符
word-fault-number-length = 卡号少于 8 位或多于 19 位
word-fault-not-a-digit = 应为数字
word-fault-cut = 在有效期或服务代码处中断
word-fault-month = 没有这个月份

## 差异

word-card-number = 卡号
word-expiry = 有效期（YYMM）
word-service-code = 服务代码
word-chip = 芯片
word-track-1 = 一磁道

## 校验

word-fits = 正确
word-does-not-fit = 不符
word-not-given = 读卡器未给出

## 服务代码各位

word-international-stripe = 国际通用
word-international-chip = 国际通用，带芯片，须用芯片
word-national-stripe = 国内通用
word-national-chip = 国内通用，带芯片，须用芯片
word-private = 专用，须有协议
word-test = 测试卡
word-first-unassigned = 未分配
word-authorised-normally = 按一般规则授权
word-authorised-by-issuer = 由发卡行联机授权
word-authorised-by-issuer-unless-agreed = 由发卡行联机授权，另有协议除外
word-second-unassigned = 未分配
word-unrestricted-pin = 无限制，须输密码
word-unrestricted = 无限制
word-goods-and-services = 仅限商品和服务
word-atm-pin = 仅限 ATM，须输密码
word-cash = 仅限取现
word-goods-and-services-pin = 仅限商品和服务，须输密码
word-unrestricted-pin-prompt = 无限制，有密码键盘时输密码
word-goods-and-services-pin-prompt = 仅限商品和服务，有密码键盘时输密码
word-third-unassigned = 未分配
