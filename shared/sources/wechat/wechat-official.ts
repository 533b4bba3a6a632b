import { wechatService } from './wechat-service.ts';

/**
 * WeChat official account 公众号: chat records of its customer service (`POST /customservice/msgrecord/getmsglist`, the
 * older `getrecord`), and pushed messages as XML or JSON. Sources:
 * developers.weixin.qq.com/doc/offiaccount/Customer_Service/Obtain_chat_transcript.html; Wechat-Group/WxJava
 * `WxMpKfMsgRecord.java`; developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html.
 */
export const wechatOfficial = wechatService('wechat-official');
