# 商户可以采取的措施，每项一条。

remedy-retry = 取出卡片，芯片朝上插到底，提示取卡前不要拔卡
remedy-clean = 擦净芯片和卡槽后再试一次；仍失败请换卡
remedy-tap = 只放一张卡或一部手机，贴近感应区直到提示音结束
remedy-phone = 请顾客查看手机并解锁，然后重新挥卡
remedy-insert = 请改为插卡交易
remedy-other = 请更换银行卡或其他付款方式
remedy-bank = 请持卡人联系发卡银行
remedy-new-card = 请持卡人到发卡银行换卡
remedy-pin = 请持卡人慢慢重新输入密码，并注意剩余次数
remedy-pin-stop = 停止输入密码，请持卡人到银行解锁
remedy-amount = 核对金额；金额无误时请在限额内交易或改用其他付款方式
remedy-net = 检查 SIM 卡、Wi-Fi 或网线后重试
remedy-query = 暂勿再次扣款：先查询交易结果或等待冲正
remedy-sign-in = 请终端重新签到，以更新工作密钥
remedy-update = 请下载终端参数、公钥或升级程序
remedy-clock = 校准终端的日期和时间
remedy-reboot = 重启终端，或重新插拔读卡器
remedy-acquirer = 联系收单机构或服务商，并告知原因编号
remedy-redo = 核对交易类型、金额和原交易信息后重做
remedy-hold = 暂不交付商品，保留单据，联系收单机构，勿与他人冲突
remedy-wait = 稍等几分钟后重试
remedy-none = 无需处理
