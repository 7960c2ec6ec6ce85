# 仅用于 HTML 页面。

language = 语言
this-language = 中文
masked = 本页不读取也不发送任何网络数据。•• 表示不显示的字节：卡号、其他账户数据、磁道、密码。

## 标题

heading-results = 终端记录的结果
heading-unused = 不属于本交易
cannot-tell = 根据此记录无法判断
unused = 记录中还有这些交互，上述交易没有用到。

## 步骤

exchanges = { $count } 次交互；记录中没有时间。
exchanges-time = { $count } 次交互，卡片用时 { $time }。
legend = 展开一步可查看字节；指向一行即标出对应的字节。
open-all = 全部展开
close-all = 全部收起
command = 指令
answer = 应答
bytes = { $count } 字节

## 行为分析

codes-legend = ● 已置位；在代码列中：代码含该位，起决定作用 · ○ 未置位；在代码列中：代码含该位，但未触发
every-bit = 全部 40 位
bit = TVR 位
row-result = 结果
row-match = 匹配
row-without-match = 无匹配
