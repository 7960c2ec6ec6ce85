# `emvident scenarios` 对攻击与故障集的说明。

approved-online = 联机批准
approved-offline = 脱机批准
declined-online = 发卡行拒绝
declined-offline = 脱机拒绝
not-completed = 未完成
hole-yes = 规范放行
hole-part = 规范部分放行
hole-no = 规范拦截
holds = 符合预期
fails = 不符合预期
tested = 由穷举测试证明
not-here = 此处不演示
source = 出处：{ $source }
settled = 裁定：{ $why }
test = 测试：{ $test }
wrong = { $count } 项不符合预期
exchanges = { $count } 次交换
