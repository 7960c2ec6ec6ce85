# 非接触读卡器显示的文字，以及报告中关于挥卡交易的用语。

## 提示

message-approved = 交易批准
message-not-authorised = 交易未获授权
message-enter-pin = 请输入密码
message-processing-error = 处理出错
message-remove-card = 请移开卡片
message-welcome = 欢迎
message-present-card = 请挥卡
message-processing = 正在处理
message-card-read-ok = 读卡成功，请移开卡片
message-insert-or-swipe = 请插卡或刷卡
message-present-one-card = 请只出示一张卡
message-approved-please-sign = 交易批准，请签名
message-authorising = 正在授权，请稍候
message-try-another-card = 请插卡、刷卡或换一张卡
message-insert-card = 请插卡
message-clear-display = （清屏）
message-see-phone = 请查看手机提示
message-present-card-again = 请再次挥卡

value-amount = 金额：{ $value }
value-balance = 余额：{ $value }

## 读卡器状态

status-not-ready = 未就绪
status-idle = 空闲
status-ready-to-read = 可以读卡
status-processing = 处理中
status-card-read-successfully = 读卡成功
status-processing-error = 出错

## 报告

heading = 非接触交易
combination = { $aid }，内核 { $kernel }
limit-transaction = 非接触限额 { $value }（须低于）
limit-floor = 超过 { $value } 须联机
limit-cvm = 达到 { $value } 须验证持卡人
limit-kernel-transaction = 非接触上限 { $value }（内核）
limit-kernel-transaction-on-device = 设备已验证持卡人时非接触上限 { $value }
limit-kernel-floor = 超过 { $value } 须联机（内核）
limit-kernel-cvm = 超过 { $value } 须验证持卡人（内核）
reached = { $amount } 已达到
not-reached = { $amount } 未达到
indicator-status-check = 金额为一个货币单位：要求联机密文
indicator-zero-amount = 金额为零
indicator-online = 要求联机密文
indicator-verify = 要求验证持卡人
not-allowed = 不允许非接触：{ $reason }
directory = 卡片的非接触目录
priority = 优先级 { $value }
asks-for-kernel = 要求内核 { $value }
extension = 扩展 { $value }
activation = 内核 { $kernel }，应用 { $name }
activation-again = 内核 { $kernel }，应用 { $name }，第二次挥卡
entry-point = 入口处理（未启动内核）
because = { $outcome }，原因：{ $reason }
verification-results-say-nothing = 终端验证结果为零：该内核不依据它判断，因此它不说明拒绝的原因。
milliseconds = { $value } 毫秒

parameter-cvm = 持卡人验证
parameter-start = 重新开始
parameter-online-response-data = 当发卡行返回
parameter-alternate-interface = 其他界面
parameter-receipt = 凭条
parameter-field-off = 射频关闭
parameter-removal-timeout = 可移卡时间
parameter-shows = 显示
parameter-shows-on-restart = 重新开始时显示
parameter-data-record = 数据记录
parameter-discretionary = 自定义数据
parameter-error = 错误

outcome-select-next = 选择下一个：尝试卡上的其他应用
outcome-try-again = 重试：请再次挥卡
outcome-approved = 批准
outcome-declined = 拒绝
outcome-online-request = 联机请求：询问发卡行
outcome-try-another-interface = 改用其他界面
outcome-end-application = 结束应用：没有作出决定
outcome-request-online-pin = 要求联机密码

cvm-no-cvm = 无
cvm-online-pin = 联机密码
cvm-confirmation-code-verified = 由持卡人设备完成
cvm-obtain-signature = 签名
start-a = 从预处理开始
start-b = 重新激活卡片
start-c = 从下一个应用开始
start-d = 由同一内核继续
online-response-data-emv-data = 给卡片的数据
online-response-data-any = 任何应答
alternate-interface-contact-chip = 接触式芯片
alternate-interface-magnetic-stripe = 磁条
receipt-yes = 是

error-time-out = 超时
error-transmission = 传输错误
error-protocol = 协议错误
error-card-data-missing = 缺少卡片数据
error-cam-failed = 卡片认证失败
error-status-bytes = 状态字
error-parsing-error = 卡片数据无法解析
error-max-limit-exceeded = 超过限额
error-card-data-error = 卡片数据有误
error-mag-stripe-not-supported = 不支持磁条模式
error-no-ppse = 没有非接触目录
error-ppse-fault = 非接触目录有误
error-empty-candidate-list = 没有共同支持的应用
error-ids-read-error = 存储数据：读取错误
error-ids-write-error = 存储数据：写入错误
error-ids-data-error = 存储数据：有误
error-ids-no-matching-ac = 存储数据：没有匹配的密文
error-terminal-data-error = 终端数据有误
error-stop = 被终端停止
error-amount-not-present = 没有金额

ttq-heading = 终端交易限定符 { $bytes }
ttq-1-8 = 磁条模式
ttq-1-7 = 完整交易流程（银联）
ttq-1-6 = EMV 模式
ttq-1-5 = 也支持接触式
ttq-1-4 = 仅脱机
ttq-1-3 = 联机密码
ttq-1-2 = 签名
ttq-1-1 = 联机授权时也做脱机数据认证
ttq-2-8 = 要求联机密文
ttq-2-7 = 要求持卡人验证
ttq-2-6 = 接触式脱机密码
ttq-3-8 = 发卡行更新
ttq-3-7 = 由设备验证持卡人
ttq-4-8 = fDDA 版本 1

ctq-heading = 卡片交易限定符 { $bytes }
ctq-1-8 = 要求联机密码
ctq-1-7 = 要求签名
ctq-1-6 = 脱机数据认证失败时联机
ctq-1-5 = 脱机数据认证失败时改用其他界面
ctq-1-4 = 应用过期时联机
ctq-1-3 = 取现时改用其他界面
ctq-1-2 = 返现时改用其他界面
ctq-2-8 = 设备已验证持卡人
ctq-2-7 = 接受发卡行更新

## 以联机请求结束的挥卡

agreed-to-ask = 卡片与读卡器已达成一致：卡片生成了给发卡行的请求，由发卡行决定。
agreed-cvm-no-cvm = 无需验证持卡人。
agreed-cvm-online-pin = 密码送往发卡行，由发卡行判断是否正确。
agreed-cvm-confirmation-code-verified = 持卡人的设备已验证其主人。
agreed-cvm-obtain-signature = 由持卡人签名。
awaited-code = 主机须返回应答码：00 表示批准。无需再次挥卡。
awaited-emv-data = 主机须返回应答码：00 表示批准。若主机返回给卡片的数据（55 域：91、71、72），须再次挥卡。
awaited-any = 主机须返回应答码：00 表示批准。收到任何应答后都须再次挥卡。
