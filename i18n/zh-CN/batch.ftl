### 批量记录的汇总。

traces = 共 { $traces } 条记录，其中 { $unreadable } 条无法读取
heading-classes = 结果
heading-causes = 未批准的原因
heading-weak = 薄弱点
first = 首例：{ $name }
predictable = 终端“{ $terminal }”：{ $pattern }；共 { $numbers } 个；截至 { $example }

class-approved = 已批准
class-declined-by-card = 卡片拒绝
class-declined-by-terminal = 终端拒绝
class-declined-by-host = 发卡行拒绝
class-not-completed = 未完成
class-cannot-tell = 仅凭该记录无法判断
class-unreadable = 无法读取的记录

weak-short-key = 证书中的密钥过短
weak-patterned-key = 密钥带有缺陷生成器的特征（CVE-2017-15361）
weak-static-only = 仅有静态认证
weak-not-authenticated = 卡片未经脱机认证
weak-decision-not-signed = 卡片的决定没有签名
weak-plaintext-pin = PIN 以明文送入卡片
weak-pin-key-shared = 密码加密与签名共用一把密钥
weak-profile-not-signed = 卡片功能声明没有签名

pattern-constant = 始终是同一个数
pattern-counter = 计数器
pattern-rising = 计数器或时钟
pattern-repeated = 同一个数出现两次
pattern-fixed-bytes = 部分字节从不变化
pattern-decimal = 只有十进制数字

progress = 条记录
