# 只在记录的报告中出现的文字。

heading-would-pass = 怎样才能通过
heading-differences = 本内核会有不同做法之处
heading-assumed = 记录中没有、只能假定的内容
heading-weak = 薄弱之处

attempt = 第 { $number } 次尝试，共 { $of } 次
cannot-tell = ? 仅凭此记录无法判断
unused = 不属于本交易的交互：{ $numbers }
format = 按 { $format } 读取：{ $exchanges } 次交互。
format-skipped = 按 { $format } 读取：{ $exchanges } 次交互，{ $skipped } 行未使用。
skipped = 第 { $line } 行：{ $reason }

## 需要补采的内容

capture-application = 没有选择支付应用。请从复位应答开始采集。
capture-processing-options = 缺少 GET PROCESSING OPTIONS 的应答：没有它就不知道哪些记录被签名。请采集它。
capture-record = 卡片要求的记录 { $record } 没有被读取。请采集完整交易。
capture-first-cryptogram = 记录在请求密文之前就结束了：只是读卡，不是付款。请一直采集到取卡为止。
capture-final-cryptogram = 卡片要求联机，但之后的内容缺失。请一直采集到取卡为止，并记下主机应答码。
capture-host-answer = 本次挥卡以联机请求结束，主机应答不在卡片记录中。请取得主机应答（应答码、55 域）。
capture-command = 缺少指令 { $command }。请采集完整交易。

## 终端的不同做法

difference-value = 交互 { $exchange }：{ $tag } 为 { $theirs }；本内核会发送 { $ours }。
difference-length = 交互 { $exchange }：发送了 { $theirs } 字节；卡片的列表要求 { $ours } 字节。
difference-bits-left-out = 交互 { $exchange }：本内核会置位而终端没有置位的 TVR 位：{ $bits }。
difference-bits-of-its-own = 交互 { $exchange }：终端置位了下列 TVR 位，但记录中没有相应的原因：{ $bits }。
difference-request = 交互 { $exchange }：终端请求 { $theirs }；按此处已知的行为代码应为 { $ours }。
difference-record-taken-as-empty = 卡片列出且不参与签名的记录 { $record } 不在记录中：视为空记录。
difference-signature-asked = 交互 { $exchange }：终端请求了 CDA 签名；本内核不会请求。
difference-signature-not-asked = 交互 { $exchange }：终端没有请求 CDA 签名，而卡片支持。

## 假定

assumed-date = 日期：卡片的列表都没有要求日期。
assumed-country = 终端所在国家与卡片相同。
assumed-capabilities = 终端能力：只按其实际所为推定，未涉及之处视为全部支持。
assumed-terminal-type = 有人值守、可联机的商户终端。
assumed-amount = 没有金额。
assumed-response-code = 主机应答码：只能由之后对卡片的请求推断。
assumed-action-codes = 终端行为代码(TAC)：视为没有，只按发卡行行为代码(IAC)判断。
assumed-contact = 接触式卡片的规则：该卡以非接触方式读取，非接触特有的规则不作判断。
assumed-distance = 卡片在规定时间内应答了距离校验：记录中没有时间。

## 薄弱之处

weakness-weak-short-key = { $certificate }：其密钥只有 { $bits } 位。
weakness-weak-patterned-key = { $certificate }：其密钥带有缺陷密钥生成器的特征，可被计算出来（CVE-2017-15361）。
weakness-weak-static-only = 卡片只做了静态数据认证：这些数据可以被复制。
weakness-weak-not-authenticated = 卡片没有做脱机认证：只有发卡行能识别复制卡。
weakness-weak-decision-not-signed = 卡片的决定没有签名：卡与终端之间的设备可以篡改它。
weakness-weak-plaintext-pin = 密码以明文发送给卡片。
weakness-weak-pin-key-shared = 密码用卡片签名的密钥加密：能让卡片解密的人，也可能让它签名。
weakness-weak-profile-not-signed = 卡片的能力（82）不在签名数据之内：传输途中可被更改。

## 怎样才能通过

change-known-ca-key = { $finding }：卡片指定的已公布 CA 公钥 { $key }。请装载。（{ $certainty }）
change-other-ca-key-index = { $finding }：CA 公钥 { $key } 能打开证书；卡片指定的是另一个索引。（{ $certainty }）
change-other-ca-key-rid = { $finding }：另一卡组织的 CA 公钥 { $key } 能打开证书：联名卡或个人化错误。（{ $certainty }）
change-other-ca-key = { $finding }：CA 公钥 { $key } 能打开证书。（{ $certainty }）
change-repaired-ca-key = { $finding }：已公布的 CA 公钥 { $key }；终端中的副本在字节 { $offsets } 处不同。请重新装载。（{ $certainty }）
change-unchecked-ca-key = { $finding }：CA 公钥 { $key } 是对的，但被拒绝或已停用。（{ $certainty }）
change-other-ca-key-exponent = { $finding }：CA 公钥 { $key }，指数 { $exponent }。（{ $certainty }）
change-remainder-left-out = { $finding }：去掉余项 { $tag }。（{ $certainty }）
change-remainder-trimmed = { $finding }：余项 { $tag } 从第 { $start } 字节起取 { $length } 字节。（{ $certainty }）
change-remainder-elsewhere = { $finding }：余项 { $tag } 取 { $from } 中的值。（{ $certainty }）
change-other-exponent = { $finding }：{ $tag } 的指数为 { $exponent }。（{ $certainty }）
change-aip-left-out = { $finding }：签名数据不含 AIP（82）。（{ $certainty }）
change-aip-added = { $finding }：签名数据包含 AIP（82）。（{ $certainty }）
change-other-aip = { $finding }：AIP 应为 { $signed }，现为 { $given }：签名后被更改。（{ $certainty }）
change-record-left-out = { $finding }：签名数据不含记录 { $record }。（{ $certainty }）
change-record-added = { $finding }：签名数据包含记录 { $record }。（{ $certainty }）
change-other-record-order = { $finding }：签名记录的顺序为 { $order }。（{ $certainty }）
change-other-record-form = { $finding }：记录 { $record } 签名时{ $whole ->
    [true] 包含
   *[other] 不包含
}模板 70。（{ $certainty }）
change-original-object = { $finding }：记录 { $record } 中的 { $tag } 取自 { $source } 的值：签名后被更改。（{ $certainty }）
change-original-byte = { $finding }：字节 { $place } 现为 { $found }，签名时为 { $signed }。（{ $certainty }）
change-other-sequence-number-length = { $finding }：卡序列号用 { $length } 字节。（{ $certainty }）
change-other-ddol = { $finding }：DDOL 为 { $list }。（{ $certainty }）
change-other-ddol-order = { $finding }：DDOL 各值的顺序为 { $order }。（{ $certainty }）
change-other-unpredictable-number = { $finding }：不可预知数 { $value }，在交互 { $exchange } 中发送。（{ $certainty }）
change-other-signed-format = { $finding }：格式 { $format }、覆盖 { $input } 的签名，如非接卡所用。（{ $certainty }）
change-other-transaction-data = { $finding }：交易数据的另一种组成（{ $parts }）。（{ $certainty }）
change-decision-as-signed = { $finding }：签名中的决定 { $signed }，而应答中为 { $given }。（{ $certainty }）
change-other-date = { $finding }：日期在 { $from } 到 { $to } 之间。请核对终端时钟。（{ $certainty }）
change-right-list-length = { $finding }：{ $list } 应为 { $expected } 字节，而不是 { $sent }。（{ $certainty }）

## 值的来源与数据的组成

source-track-2 = 芯片内二磁道等效数据
source-card-number = 卡号
source-expiration-date = 失效日期
source-certificate = IC卡公钥证书
source-exchange = 记录
input-as-sent = 按发送原样的数据
input-fdda-version-00 = fDDA 版本 00 的数据
input-fdda-version-01 = fDDA 版本 01 的数据
parts-values = 仅 PDOL 各值
parts-template = 带模板的 PDOL 各值
parts-nothing = 不含 PDOL 值
