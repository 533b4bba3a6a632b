import { wechatService } from './wechat-service.ts';

/**
 * WeChat mini program 小程序: messages to its customer service as they are pushed, XML or JSON, and the chat records of
 * that service in the form of `getmsglist`. Source:
 * developers.weixin.qq.com/miniprogram/en/dev/framework/open-ability/customer-message/receive.html.
 */
export const miniprogram = wechatService('miniprogram');
