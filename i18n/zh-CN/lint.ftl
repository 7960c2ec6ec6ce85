### 对终端配置的疑问：写了什么、会有什么后果；然后是怎么办。

nothing = { $file }：没有疑问
heading = { $file }：有 { $count } 处需要核对

lint-no-application = 没有配置任何应用：接触式卡片找不到可用的应用。
lint-no-application-remedy = 为受理的每个支付系统添加一个 [[application]]。
lint-country-unknown = 没有国家使用这个代码。卡片用它与发卡国比较来区分境内境外，许多卡在境外会拒绝境内允许的交易。
lint-country-unknown-remedy = 填写终端所在国家的 ISO 3166 数字代码，例如 156。
lint-no-authentication = 终端可以脱机批准，却不做脱机数据认证：在询问发卡行之前，复制卡与真卡没有区别。
lint-no-authentication-remedy = 在 capabilities 中加入 sda、dda 和 cda，或把终端类型改为仅联机。
lint-no-verification = 终端不支持任何持卡人验证方法，连“无需验证”也没有：凡有验证方法列表的卡，验证都会失败。
lint-no-verification-remedy = 在 capabilities 中加入终端支持的方法，至少加入 no-cvm。
lint-pin-without-keys = 终端声称可以输入密码，却没有数字键。
lint-pin-without-keys-remedy = 在 additional-capabilities 中加入 numeric-keys，或去掉密码方法。
lint-online-pin-offline = 终端从不联机，却声称支持联机密码：卡片指望的检查永远不会发生。
lint-online-pin-offline-remedy = 从 capabilities 中去掉 online-pin，或更改终端类型。
lint-signature-unattended = 没有人在场核对签名。
lint-signature-unattended-remedy = 从 capabilities 中去掉 signature，或把类型改为有人值守。
lint-nothing-to-do = additional-capabilities 中没有任何交易种类：只允许部分种类的卡可能全部拒绝。
lint-nothing-to-do-remedy = 按实际情况在 additional-capabilities 中加入 goods、services 或 cash。
lint-no-display = 终端声称没有任何显示：无法选择应用，也无法确认金额。
lint-no-display-remedy = 在 additional-capabilities 中加入 display-attendant 或 display-cardholder。
lint-test-keys = 装有测试密钥：其私钥可能人人皆知，用它签名的卡也能通过认证。
lint-test-keys-remedy = 除非这是测试终端，否则把 test-keys 设为 false，并去掉所有标为测试的密钥。

lint-action-codes-zero = 三个终端行为代码全为零：只由卡片自己的代码决定，所有检查都失败的卡也可能被脱机批准。
lint-action-codes-zero-remedy = 装入收单机构为该应用提供的行为代码。
lint-failed-authentication = 没有终端行为代码关注认证失败：只有卡片自己的代码能阻止伪卡被脱机批准。
lint-failed-authentication-remedy = 按收单机构的要求，在行为代码中设置所支持方法的位（第 1 字节：SDA、DDA、CDA 失败）。
lint-declines-everything = 拒绝行为代码所有位都已设置：结果中任何一位都会导致拒绝，包括“未进行认证”和“未输入密码”。
lint-declines-everything-remedy = 装入收单机构为该应用提供的行为代码。
lint-no-ca-key = 终端要认证卡片，却没有该支付系统的 CA 公钥：它的每张卡都会以“找不到密钥”告终。
lint-no-ca-key-remedy = 装入该支付系统的 CA 公钥：在 [keys] 中设 default = true，或写成 [[ca-key]]。
lint-name-too-short = AID 只有注册标识（RID），又不接受更长的名称：没有卡片叫这个名称。
lint-name-too-short-remedy = 把 partial 设为 true，或写出完整的 AID。
lint-twice = 同一个 AID 出现多次：采用哪一组参数取决于顺序。
lint-twice-remedy = 只保留一个。
lint-floor-online-only = 最低限额永远不会用到：这种类型的终端每笔交易都联机。
lint-floor-online-only-remedy = 去掉最低限额，或更改终端类型。
lint-threshold-above-floor = 随机选择的阈值不低于最低限额：没有金额会按大小被选中。
lint-threshold-above-floor-remedy = 把阈值改为小于最低限额。
lint-ddol-without-number = 默认 DDOL 没有要求不可预知数（9F37）：没有自己的 DDOL 的卡，动态认证都会失败。
lint-ddol-without-number-remedy = 改为 9F3704。

lint-no-kernel = 这里没有这个编号的内核：选中它的卡无法读取。
lint-no-kernel-remedy = 使用 C-2、C-3 或 C-7，或接入自己的内核。
lint-nothing-allowed = 交易限额为零：任何金额都不能非接触支付。
lint-nothing-allowed-remedy = 设置交易限额，或去掉这个组合。
lint-verification-out-of-reach = 持卡人验证限额不低于交易限额：永远不会要求输入密码。
lint-verification-out-of-reach-remedy = 除非所有金额都要免验证，否则把 CVM 限额改为小于交易限额。
lint-floor-out-of-reach = 最低限额不低于交易限额：没有交易会因金额而联机。
lint-floor-out-of-reach-remedy = 除非所有金额都要脱机，否则把最低限额改为小于交易限额。
lint-no-qualifiers = 缺少终端交易属性（9F66），该内核靠它告诉卡片读卡器能做什么。
lint-no-qualifiers-remedy = 设置 ttq，例如 "36004080"。
lint-combination-twice = 同一 AID 和内核对同样的交易种类出现多次：采用哪些限额取决于顺序。
lint-combination-twice-remedy = 只保留一个。
