# 报告用语。

## 标题

heading-why = 原因
heading-also = 其他发现
heading-timeline = 交易过程
heading-verification = 持卡人验证
heading-codes = 终端行为分析
heading-chain = 证书
heading-issuer-data = 发卡行应用数据
heading-scripts = 发卡行脚本

## 行首标签

label-fault = 责任
label-seen = 证据
label-rule = 依据
label-followed = 经过
label-do = 处理
label-engineer = 工程师
label-suspect = 也可能
label-ruled-out = 已排除

## 结果

advice-signature = 持卡人需要签名。
advice-reversal = 需要发送冲正。
advice-advice = 卡片要求发送通知。
offline = 脱机
online = 联机
response-code = 应答码 { $code }
approved-plainly = 一切顺利。
unexplained = 所见内容不足以解释此结果。请重新记录整个交易的全部指令和应答，直到拔卡为止。

## 证据

comma = 、
semicolon = ；
fault = { $whose }（{ $certainty }）
evidence = { $fact }：{ $seen }
evidence-at = { $fact }：{ $seen }（{ $place }）

compared = 应为 { $expected }，实为 { $found }
missing = 应为 { $expected }，实际没有
bytes = { $count } 字节
nothing = 无
missing-anything = 没有
hidden = { $count } 字节，不显示
at-exchange = 第 { $number } 次交互
at-byte = 第 { $number } 字节
at-record = 记录 { $number }

## 经过

followed-bit = TVR { $bit }：{ $name }
followed-codes-both = { $iac } 与 { $tac } 均因此拒绝
followed-codes-iac = { $iac } 因此拒绝
followed-codes-tac = { $tac } 因此拒绝

followed-asked = 终端请求 { $asked }
followed-given = 卡片返回 { $given }
followed-terminal-code = 应答码 { $code }：{ $meaning }

## 步骤

no-answer = 无应答
profile = 卡片支持：{ $list }
profile-empty = 卡片的交互特征（82）一项也不支持
cryptogram-at-once = 密文，随 GET PROCESSING OPTIONS 的响应返回
answered-code = 主机应答 { $code }
no-host-answer = 主机无应答
analysed = 请求 { $request }

## 表格

codes-tvr = TVR { $bits }
codes-none = 没有置位。
codes-legend = T 终端行为代码，I 发卡行行为代码
issuer-data-of = 第 { $number } 个应用密文
issuer-data-same = 内容相同
issuer-data-unknown = 格式未公开。
chain-passed = 通过 { $count } 项检查
chain-passed-one = 1 项检查通过
chain-failed = 未通过：{ $fact }
chain-key = { $bits } 位
chain-expiry = 至 { $date }
rule = ，{ $condition } → { $result }
ended = { $how }：{ $reason }
cvm-final = 结果 { $bytes }
script-not-performed = 未执行
script-failed = 第 { $number } 条指令失败
script-successful = 全部指令已接受
script-without-id = 无标识
ruled-out-restrictions = 版本、用途和日期
ruled-out-cardholder-verification = 持卡人验证
ruled-out-issuer-authentication = 发卡行认证
ruled-out-network = 网络
