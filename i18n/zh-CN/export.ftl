# 导出文件中删去与保留的内容：清单的各行。

title = 由 emvident export 生成、可供他人查看的记录。卡号、证书和日期均非原卡所有。

removed = 已删去：
removed-line = - { $what }：{ $count } 处
removed-card-number = 卡号，已换成测试卡号
removed-track = 磁道数据和卡片验证码
removed-date = 日期和时间，已按整月平移
removed-identifier = 姓名、账户参考号
removed-counter = 交易计数器、发卡行计数器
removed-cryptogram = 密文
removed-linkable = 序列号、终端号和商户号
removed-certificate = 证书和签名，已用测试密钥重新签发
removed-secret = PIN 和密钥
removed-unknown = 可能含有卡号的未知数据对象
removed-unreadable = 不是数据对象的字节
removed-command = 不成立的命令
remains = 仍然保留：
remains-amounts = - 金额、卡内余额、货币、国家、交易类型
remains-random = - 不可预知数，以及卡片的响应时间
remains-answers = - 状态字、决定、终端和卡片的验证结果
remains-structure = - 卡片的文件、列表、限额和标签：由此可知卡片型号
remains-terminal = - 终端配置
remains-bin = - 卡号前六位，因为使用了 --keep-bin
same = 解释结果与原始记录相同：根因、发现、结果均一致。
differs = 解释结果与原始记录不完全相同。有差异的交易：{ $attempts }。

raw-1 = *** 不可外传：本文件含有真实卡片的卡号、磁道数据、姓名和密文。***
raw-2 = *** 由 emvident export --i-own-this-card --unsafe-raw 生成，仅删去了 PIN。***
raw-3 = *** 不加这两个选项，导出文件不含任何身份信息，而解释结果相同。***
