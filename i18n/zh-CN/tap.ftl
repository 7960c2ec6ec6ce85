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
