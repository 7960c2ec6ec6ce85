### 两笔交易对照。

heading-first-byte = 第一个不同的字节
heading-first-decision = 第一个不同的决定
heading-cause = 原因
heading-configuration = 不同的配置与交易要素
heading-decisions = 不同的决定
heading-exchanges = 交互（= 相同，~ 仅有每次必变的内容，≠ 不同）

no-byte = 没有：除每次必变的内容外，卡片与终端所述相同。
no-decision = 没有：两笔交易走向相同。
place = { $phase }，{ $command }，交互 A { $a } 与 B { $b }，来自{ $from }
from-terminal = 终端
from-card = 卡片
from-issuer = 发卡行
byte = { $object }，第 { $byte } 字节
bit = 位 { $bit } { $name }
part-header = 命令头（CLA INS P1 P2）
part-data = 数据
part-status = 状态字
part-exchange = 本次交互
not-shown = 不显示
absent = 没有
unknown = 未知

cause-nowhere = 没有不同的决定。
cause-terminal = 在终端一侧（{ $certainty }）：
cause-card = 在卡片一侧（{ $certainty }）：
cause-host = 在主机一侧：发卡行答复不同，或未能连通（{ $certainty }）。
cause-people = 终端前的人操作不同（{ $certainty }）。
cause-cannot-tell = 无法判断：记录中能解释它的内容都相同。请比对两台终端的配置。

decision-application = 应用
decision-authentication = 脱机数据认证
decision-restrictions = 处理限制
decision-cardholder-verification = 持卡人验证
decision-risk-management = 终端风险管理
decision-first-request = 第一次请求
decision-first-answer = 卡片第一次应答
decision-host = 主机答复
decision-issuer-results = 发卡行处理结果
decision-second-request = 第二次请求
decision-second-answer = 卡片第二次应答
decision-decision = 结果

item-amount = 金额
item-cashback = 返现
item-transaction-type = 交易类型
item-date = 日期
item-forced-online = 商户强制联机
item-currency = 货币
item-country = 终端国家
item-terminal-type = 终端类型
item-capabilities = 终端性能
item-additional-capabilities = 附加终端性能
item-merchant-category = 商户类别
item-risk-management-data = 风险管理数据
item-version = 应用版本
item-floor-limit = 最低限额
item-random-selection = 随机选择
item-tac-denial = TAC-拒绝
item-tac-online = TAC-联机
item-tac-default = TAC-缺省
item-action-codes = 终端行为代码
item-default-ddol = 缺省 DDOL
item-default-tdol = 缺省 TDOL
item-ca-key = CA 公钥
item-applications = 应用列表
item-selection = 应用选择方式
item-pin-bypass = PIN 策略
item-cda-mode = CDA 模式
item-revocations = 已吊销证书
item-exception-file = 异常文件
