/**
 * What zstd may refer back to in every block of version 2, so that a block of a few messages needn't say anew what all of
 * them say: how platforms and this program spell records, the most frequent last. Raw content, part of the format
 * (docs/formats/block.md): another dictionary is another version.
 */
const TEXT = [
  '<xml><ToUserName><![CDATA[gh_]]></ToUserName><FromUserName><![CDATA[o]]></FromUserName><CreateTime>1</CreateTime>',
  '<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[]]></Content><MsgId>2</MsgId></xml>',
  '{"object":"whatsapp_business_account","entry":[{"id":"","changes":[{"value":{"messaging_product":"whatsapp",',
  '"metadata":{"display_phone_number":"","phone_number_id":""},"contacts":[{"profile":{"name":""},"wa_id":""}],',
  '"messages":[{"from":"","id":"wamid.","timestamp":"","text":{"body":""},"type":"text"}]},"field":"messages"}]}]}',
  '{"destination":"U","events":[{"type":"message","message":{"type":"text","id":"","text":""},"webhookEventId":"",',
  '"deliveryContext":{"isRedelivery":false},"timestamp":,"source":{"type":"user","userId":"U"},"replyToken":"",',
  '"mode":"active"}]}',
  '{"platform":"internal","sourceType":"text","line":,"from":{"role":"robot","name":""},"text":"","edited":true,',
  '"internal":true,"recalls":"","edits":"","batchId":"bat_","attachments":[{"name":"","mediaType":"image/jpeg",',
  '"bytes":,"digest":"md5:","state":"reference","mediaId":null}]}',
  '请问可以吗？您好，谢谢，不客气，推荐您去，地址是，电话是，酒店，房间，入住，退房，早餐，预订，价格，元，评分，景点，',
  '餐馆，附近，Thank you. Is there anything else I can help you with ? I need to book a room for the number of people',
  ' and nights starting from . Your reference number is . You are welcome. I would like a hotel in the with free wifi',
  ' and parking . The phone number and address , please . ',
  '{"msgid":"","action":"send","from":"frontdesk","tolist":["wm"],"roomid":"","msgtime":1,"msgtype":"text","text":',
  '{"content":""}}{"platform":"wecom","sourceType":"text","line":1,"from":{"role":"staff","id":"frontdesk"},"text":""}',
  '{"msgid":"_external","action":"send","from":"wm","tolist":["frontdesk"],"roomid":"","msgtime":1,"msgtype":"text",',
  '"text":{"content":""}}{"platform":"wecom","sourceType":"text","line":1,"from":{"role":"guest","id":"wm"},"text":""}',
].join('');

export const BLOCK_DICTIONARY = Buffer.from(TEXT);
