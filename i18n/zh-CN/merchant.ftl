# 商户或终端的提示与记录对照时的用语。

said-heading = 提示内容
said-unknown = 没有与之相符的已知提示。请查看屏幕或单据上的应答码。

## 行首标签

said-side = 多见于
said-agrees = 已证实
said-differs = 提示未说
said-open = 待查
said-capture = 需记录
said-ruled-out = 已排除
said-or = 也可能

## 读卡方式

side-chip = 芯片
side-stripe = 磁条
side-contactless = 非接

## 候选原因

candidate = { $title }（{ $id }）
ruled-out = { $title }：{ $objection }
objection-went-on = 交易已进行到“{ $by }”
objection-had-ended = 交易在此之前已因“{ $by }”结束
objection-other-code = 主机应答为“{ $by }”
objection-checked = 已检查且正确：{ $by }

## 待查原因需要什么

capture-trace = 记录芯片的全部指令和应答，从复位到拔卡。
capture-host = 取得主机应答（应答码、55 域）和主机日志。
capture-terminal-state = 查看终端：失败时的参数、密钥、签到、日志和网络。
capture-stripe = 用磁条读卡器刷卡，将二磁道数据交给 emvident stripe。
capture-nothing = 任何记录都看不出：卡片情况请问发卡行，商户情况请问收单机构。
