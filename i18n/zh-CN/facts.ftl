# 证据的内容，以及交易本身的用语：阶段、严重程度、结果、各位含义。

## 事实

fact-status-word = 状态字
fact-reader-code = 读卡器代码
fact-answer-to-reset = 复位应答
fact-length = 长度
fact-header = 首字节
fact-trailer = 末字节
fact-format = 格式字节
fact-hash-algorithm = 哈希算法
fact-key-algorithm = 公钥算法
fact-hash = 哈希
fact-issuer-identifier = 发卡行标识
fact-card-number = 卡号
fact-serial-number = 序列号
fact-certificate-expiry = 证书有效期
fact-key-length = 公钥长度
fact-exponent = 指数
fact-remainder = 公钥余项
fact-ca-key = CA 公钥
fact-loaded-keys = 已装载公钥
fact-checksum = 校验值
fact-static-data = 已签名静态数据
fact-dynamic-data-length = 已签名动态数据长度
fact-cryptogram-information = 已签名的密文信息数据
fact-transaction-data-hash = 交易数据哈希
fact-unpredictable-number = 不可预知数
fact-data-object = 数据对象
fact-data-object-list = 数据对象列表
fact-template = 模板
fact-tlv-error = 数据结构
fact-record = 记录
fact-file-locator = 文件定位项
fact-application-id = 应用标识符
fact-application-label = 应用标签
fact-priority = 优先级
fact-card-methods = 卡片支持的方式
fact-terminal-methods = 终端支持的方式
fact-application-version = 应用版本
fact-usage-control = 应用用途控制
fact-country-code = 国家代码
fact-currency-code = 货币代码
fact-transaction-date = 交易日期
fact-effective-date = 生效日期
fact-expiration-date = 失效日期
fact-terminal-type = 终端类型
fact-transaction-type = 交易类型
fact-amount = 金额
fact-floor-limit = 最低限额
fact-random-number = 抽取的随机数
fact-random-target = 目标百分比
fact-transaction-counter = 交易计数器
fact-last-online-counter = 上次联机时的计数器
fact-offline-limit = 脱机次数限额
fact-cvm-rule = 验证规则
fact-cvm-results = 验证结果
fact-tries-left = 剩余密码次数
fact-pin-key = 密码公钥
fact-verification-bits = 终端验证结果
fact-action-code = 行为代码
fact-cryptogram-asked = 请求的密文
fact-cryptogram-given = 密文信息数据
fact-card-verification-results = 卡片验证结果(CVR)
fact-response-code = 应答码
fact-issuer-authentication-data = 发卡行认证数据
fact-script-identifier = 脚本标识
fact-script-command = 脚本指令
fact-limit = 上限
fact-card-time = 卡片耗时（毫秒）
fact-question = 询问主机
fact-kernel-identifier = 内核标识
fact-vouched-by = 数据由谁担保

## 阶段

phase-reset = 复位
phase-selection = 应用选择
phase-initiation = 应用初始化
phase-read-data = 读应用数据
phase-authentication = 脱机数据认证
phase-restrictions = 处理限制
phase-cardholder-verification = 持卡人验证
phase-risk-management = 终端风险管理
phase-action-analysis = 终端行为分析
phase-first-generate-ac = 第一次 GENERATE AC
phase-online = 联机处理
phase-issuer-authentication = 发卡行认证
phase-scripts-before = 最终决定前的发卡行脚本
phase-second-generate-ac = 第二次 GENERATE AC
phase-scripts-after = 最终决定后的发卡行脚本
phase-completion = 交易结束
phase-pre-processing = 预处理
phase-activation = 协议激活
phase-relay-resistance = 防中继校验
phase-data-exchange = 与终端交换数据
phase-torn-recovery = 恢复中断的交易
phase-outcome = 交易结果
phase-issuer-update = 发卡行更新
phase-mag-stripe = 磁条模式校验和

## 严重程度

severity-info = 提示
severity-degraded = 继续进行
severity-cause = 导致拒绝
severity-decline = 拒绝
severity-fatal = 终止交易

## 确定程度

certainty-hint = 线索
certainty-likely = 很可能
certainty-proven = 已证实

## 责任方

category-card = 卡片或制卡方
category-cardholder = 持卡人
category-terminal-config = 终端配置或密钥
category-reader = 读卡器
category-network-issuer = 网络或主机
category-operator = 终端操作人员
category-suspected-attack = 可能的攻击

## 结果

decision-approved = 已批准
decision-declined = 已拒绝
decision-not-completed = 未完成
decider-card = 由卡片决定
decider-terminal = 由终端决定
decider-issuer = 由发卡行决定
decider-attendant = 由收银员决定
decider-cardholder = 由持卡人决定
decider-nobody = 无人决定：与卡片的连接失败

## 交易类型

kind-purchase = 消费
kind-purchase-with-cashback = 消费返现
kind-cash = 取现
kind-manual-cash = 柜面取现
kind-refund = 退货
kind-inquiry = 查询
kind-other = 其他类型

## 终端验证结果

tvr-1-8 = 未进行脱机数据认证
tvr-1-7 = SDA 失败
tvr-1-6 = IC 卡数据缺失
tvr-1-5 = 卡片在终端异常文件中
tvr-1-4 = DDA 失败
tvr-1-3 = CDA 失败
tvr-1-2 = 已选择 SDA
tvr-1-1 = 已选择 XDA
tvr-2-8 = 卡片与终端应用版本不一致
tvr-2-7 = 应用已过期
tvr-2-6 = 应用尚未生效
tvr-2-5 = 卡片产品不允许所请求的服务
tvr-2-4 = 新卡
tvr-2-3 = 保留
tvr-2-2 = 生物特征验证成功
tvr-2-1 = 不支持生物特征模板格式
tvr-3-8 = 持卡人验证失败
tvr-3-7 = 未知的验证方法
tvr-3-6 = 密码重试次数超限
tvr-3-5 = 要求输入密码，但密码键盘缺失或故障
tvr-3-4 = 要求输入密码，但未输入
tvr-3-3 = 已采集联机验证数据
tvr-3-2 = 生物特征设备缺失或故障
tvr-3-1 = 要求生物特征，但被跳过
tvr-4-8 = 超过最低限额
tvr-4-7 = 超过连续脱机交易下限
tvr-4-6 = 超过连续脱机交易上限
tvr-4-5 = 被随机选择联机处理
tvr-4-4 = 商户强制联机
tvr-4-3 = 生物特征重试次数超限
tvr-4-2 = 不支持所选生物特征类型
tvr-4-1 = XDA 签名失败
tvr-5-8 = 使用了默认 TDOL
tvr-5-7 = 发卡行认证失败
tvr-5-6 = 最后一次 GENERATE AC 前脚本失败
tvr-5-5 = 最后一次 GENERATE AC 后脚本失败
tvr-5-4 = 超过抗中继阈值
tvr-5-3 = 缺少 ECC CA 公钥；内核 2：超过抗中继时限
tvr-5-2 = ECC 公钥恢复失败；内核 2：已做抗中继检查
tvr-5-1 = 未做抗中继检查

## 交易状态信息

tsi-1-8 = 已进行脱机数据认证
tsi-1-7 = 已进行持卡人验证
tsi-1-6 = 已进行卡片风险管理
tsi-1-5 = 已进行发卡行认证
tsi-1-4 = 已进行终端风险管理
tsi-1-3 = 已进行脚本处理

## 应用交互特征

aip-1-8 = XDA
aip-1-7 = SDA
aip-1-6 = DDA
aip-1-5 = 持卡人验证
aip-1-4 = 终端风险管理
aip-1-3 = 发卡行认证
aip-1-1 = CDA

## 持卡人验证方法

method-fail = 失败
method-plaintext-pin = 卡片校验明文密码
method-online-pin = 发卡行校验联机密码
method-plaintext-pin-and-signature = 卡片校验明文密码并签名
method-enciphered-pin = 卡片校验加密密码
method-enciphered-pin-and-signature = 卡片校验加密密码并签名
method-biometric = 生物特征
method-signature = 签名
method-no-cvm = 无需验证
method-payment-system = 支付系统自定义方法
method-issuer = 发卡行自定义方法
method-unrecognised = 未知方法

condition-always = 总是
condition-unattended-cash = 无人值守取现时
condition-not-cash-nor-cashback = 非取现且非返现时
condition-terminal-supports = 终端支持时
condition-manual-cash = 柜面取现时
condition-purchase-with-cashback = 消费返现时
condition-under-x = 低于 { $amount } 时
condition-over-x = 高于 { $amount } 时
condition-under-y = 低于 { $amount } 时
condition-over-y = 高于 { $amount } 时
condition-rfu = 未知条件下
condition-payment-system = 支付系统自定义条件下

## 证书链

certificate-ca-key = CA 公钥
certificate-issuer-certificate = 发卡行证书
certificate-icc-certificate = IC 卡证书
certificate-icc-pin-certificate = IC 卡密码公钥证书
certificate-static-signature = 静态数据签名
certificate-dynamic-signature = 动态签名

## 终端提示

message-approved = 交易批准
message-call-your-bank = 请联系发卡行
message-card-error = 卡片错误
message-declined = 交易拒绝
message-enter-pin = 请输入密码
message-incorrect-pin = 密码错误
message-last-pin-try = 最后一次密码机会
message-not-accepted = 不受理
message-pin-ok = 密码正确
message-please-wait = 请稍候
message-processing-error = 处理错误
message-remove-card = 请取卡
message-try-again = 请重试

## 终端自身产生的应答码

terminal-code-y1 = 脱机批准
terminal-code-z1 = 脱机拒绝
terminal-code-y3 = 无法联机，脱机批准
terminal-code-z3 = 无法联机，脱机拒绝

## 证据用词

word-no-link = 无网络
word-no-connection = 无法连接主机
word-no-answer = 请求已发出，无应答
word-bad-answer = 应答无法解读
word-not-a-card-number = 不是卡号
word-signed-by-card = 卡片（已验证其签名）
word-signed-by-issuer = 发卡行（已验证其签名）
word-signed-by-nobody = 无人担保（没有已验证的签名覆盖该数据）
word-online-pin = 联机密码
word-obtain-signature = 签名
word-odd-modulus = 足长的奇数模
word-signature-not-below-modulus = 签名不小于模数

## 验证规则未采用的原因

unmet-not-unattended-cash = 不适用：不是无人值守取现
unmet-cash-or-cashback = 不适用：取现或返现
unmet-method-unusable = 不适用：终端不能执行
unmet-not-manual-cash = 不适用：不是柜面取现
unmet-not-cashback = 不适用：没有返现
unmet-no-application-currency = 不适用：卡片未说明货币
unmet-other-currency = 不适用：货币不同
unmet-not-under = 不适用：金额不低于该值
unmet-not-over = 不适用：金额不高于该值
unmet-condition-unknown = 不适用：未知条件
unusable-unrecognised = 失败：终端不认识该方法
unusable-capability = 失败：终端不能执行
unusable-attendant = 失败：无人核对签名
unusable-attendant-printer = 失败：没有可打印签名栏的打印机
result-unknown = 已执行，是否正确由对方判断
result-failed = 失败
result-successful = 成功
result-stopped = 交易在此终止

## 证据所缺

word-interface-character = 接口字符
word-capability = 终端性能
word-attendant = 收银员
word-attendant-printer = 收银员可用的打印机
