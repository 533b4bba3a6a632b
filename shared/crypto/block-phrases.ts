/**
 * What zstd may refer back to in every small block of version 3: what guests and a hotel's staff say to each other again and
 * again, and how the most frequent records are spelled in columns (block-columns.ts), the most frequent last. Written for
 * the kind of talk that the bench measures: booking a hotel, with the trains, taxis and tables that come with it; talk of
 * other kinds gains less (docs/adr/0012-blocks-in-columns.md has the figure without the sentences). Raw content, part of
 * the format (docs/formats/block.md): other phrases are another version.
 */
const PHRASES = [
  // What is asked and answered, in Chinese.
  '祝您旅途愉快，期待您的光临！祝您生活愉快，再见。非常抱歉给您带来不便，我马上请工程部的同事过去查看。已经为您升级到海景房，价格不变。',
  '请问您的姓名和联系电话是多少？请稍等，我帮您查一下。请您提供一下预订号。入住时请出示身份证。押金会原路退回，三到五个工作日到账。',
  '我要投诉，空调坏了，房间很吵，热水不热，隔音不好，有异味。麻烦尽快处理一下。客房服务会在十分钟内送到。发票可以在退房时开具，抬头和税号请发给我们。',
  '可以的，前台二十四小时有人值班，行李可以寄存在大堂礼宾台。延迟退房到下午两点是免费的，六点以前加收半天房费。加床每晚收费一百元，含早餐。',
  '我们酒店提供免费停车、无线网络、接机服务、叫醒服务、洗衣服务、健身房、游泳池、商务中心、会议室、儿童乐园、棋牌室、桑拿、吹风机、残疾人设施，所有房间都可以上网，也可以吸烟或者不吸烟。',
  '附近有地铁站，步行大约五分钟，打车大概二十分钟。从机场可以坐机场巴士，也可以叫出租车，车牌号稍后发给您。周边有公园、博物馆、购物中心、火车站、景点和餐厅。',
  '好的，我想预订一间大床房，住两晚，请问多少钱？双床房还有吗？标准间、豪华间、套房、家庭房、高档型、舒适型、经济型、五星级、四星级。',
  '你好，请帮我推荐一家酒店，要求评分高一点，价格便宜一些，最好在市中心附近。我想找一个地方吃饭，人均消费一百元左右，有什么推荐的菜？',
  '这家酒店的地址是市区路号，电话是，评分是4.5分，价格是每晚300-500元。地址在哪里？电话号码是多少？评分怎么样？门票多少钱？营业时间是几点到几点？',
  '您可以去这家酒店看看，有免费的早餐，周边景点有很多，您还可以选择另外一家。没问题，这个景点游玩时间大约是2小时，每天上午9:00到下午5:00开放，是免费的。',
  '好的，谢谢你。谢谢您的帮助！不客气，这是我应该做的。不用谢，还有什么可以帮您的吗？没有了，再见。好的，我知道了，麻烦您了。请问还有其他需要吗？您好，请问有什么可以帮您？',
  '我还想要知道这个酒店的电话和地址，可以告诉我吗？有的。没有。是的。可以。那里有没有？请问怎么走？我该怎么过去？什么时候出发？从那里到这里怎么去比较方便？',
  // And in English.
  'I was charged twice. This is not acceptable. I am very sorry for the inconvenience, our engineer is on the way. Please accept our apologies. The air conditioning in my room does not work. ',
  'Five working days at the latest. We can keep your luggage at the concierge desk. Check-in is from 2 pm, check-out until noon. Late check-out is possible until 4 pm. Breakfast is included and served from 7 to 10. ',
  'Is breakfast included? May I have your name and your phone number, please? Could you send me a confirmation by email? How much is it per night? Is there a swimming pool, a gym or an airport shuttle? ',
  'There are several hotels available that meet your needs. What price range would you like, cheap, moderate or expensive? In which part of town? For how many people, and how many nights? What day will you be arriving? ',
  'I am looking for a place to stay, a hotel with wifi, free parking too. It should have a star rating of 4. I also need a train to the airport, leaving after 10:15 on Monday, Tuesday, Wednesday, Thursday, Friday, Saturday or Sunday. Please book me a taxi to the restaurant. ',
  "I'm sorry, but there is nothing available for that time. Would you like another day, or a shorter stay? I would recommend this one. The address is Street and the phone number is . The entrance is free. The train leaves at and arrives by , the ticket price is . ",
  'I have booked it for you. Your reservation was successful, the reference number is . I was able to book a table for 2 people at 18:30 on Friday. The room is reserved for 3 nights starting from Sunday. Is there anything else you need? ',
  "That sounds great, please book it for me. Yes, please. No, that's all I need. Thank you very much for your help! You're welcome, have a great day. Thanks for contacting us, enjoy your stay! Goodbye. Okay, great. Can you tell me more about it? I don't care, it doesn't matter. Hello, how may I help you? ",
  // Shapes, and the columns that follow them.
  '\xfe{"platform":"\xfd","sourceType":"\xfd","line":\xfc,"timeKnown":false,"ordinal":\xfc,"attachments":[{"name":"\xfd","mediaType":"image/jpeg","bytes":\xfc,"digest":"md5:\xfd","state":"\xfd","mediaId":null,"found":null}],"edited":true,"internal":true,"recalls":"\xfd","edits":"\xfd","batchId":"\xfd","from":{"role":"\xfd","id":"\xfd","name":"\xfd"},"text":"\xfb\x01"}\xff',
  'internal\xffreference\xffmissing\xffpresent\xffrobot\xffsystem\xffimage\xffvoice\xfffile\xfflink\xffrevoke\xffMESSAGE\xffwhatsapp\xffline\xff',
  '{"object":"\xfd","entry":[{"id":"\xfd","changes":[{"value":{"messaging_product":"\xfd","metadata":{"display_phone_number":"\xfc","phone_number_id":"\xfa"},"contacts":[{"profile":{"name":"\xfd"},"wa_id":"\xfc"}],"messages":[{"from":"\xfc","id":"\xfd","timestamp":"\xfc","text":{"body":"\xfd"},"type":"\xfd"}]},"field":"\xfd"}]}]}',
  '{"destination":"\xfd","events":[{"type":"\xfd","message":{"type":"\xfd","id":"\xfa","text":"\xfd"},"webhookEventId":"\xfd","deliveryContext":{"isRedelivery":false},"timestamp":\xfc,"source":{"type":"\xfd","userId":"\xfd"},"replyToken":"\xfd","mode":"\xfd"}]}',
  '{"msgid":"\xfd","open_kfid":"\xfd","external_userid":"\xfd","send_time":\xfc,"origin":\xfc,"servicer_userid":"\xfd","msgtype":"\xfd","text":{"content":"\xfd"}}{"openid":"\xfd","opercode":\xfc,"text":"\xfd","time":\xfc,"worker":"\xfd"}',
  '{"message_id":"\xfd","message_type":"\xfd","content":"\xfd","timestamp":"\xfd","sender":{"participant_id":"\xfd","metadata":{"participant_type":"\xfd","name":"\xfd"}},"conversation":{"conversation_id":"\xfd","conversation_type":"\xfd"}}',
  '{"msgid":"\xfa_\xfc","action":"\xfd","from":"\xfd","tolist":["\xfd"],"roomid":"\xfd","msgtime":\xfc,"msgtype":"\xfd","image":{"md5sum":"\xfd","filesize":\xfc,"sdkfileid":"\xfd"}}',
  '\x01{"msgid":"\xfa_\xfc_external","action":"\xfd","from":"\xfd","tolist":["\xfd"],"roomid":"","msgtime":\xfc,"msgtype":"\xfd","text":{"content":"\xfd"}}\xfe{"platform":"\xfd","sourceType":"\xfb\x06","line":\xfc,"from":{"role":"\xfd","id":"\xfb\x03"},"text":"\xfb\x07"}\xff',
  '\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02',
  'wecom\xffwecom\xffwecom\xffwecom\xffwecom\xffwecom\xffwecom\xffwecom\xffguest\xffguest\xffstaff\xffstaff\xffguest\xffstaff\xffguest\xffstaff\xffguest\xffstaff\xffguest\xffstaff\xff',
  'send\xffsend\xffsend\xffsend\xffsend\xffsend\xffsend\xffsend\xfftext\xfftext\xfftext\xfftext\xfftext\xfftext\xfftext\xfftext\xff',
];

/** Marks of columns are bytes of their own; all else is UTF-8. */
const MARKED = /[\xf8-\xff]/;

export const BLOCK_PHRASES = Buffer.concat(
  PHRASES.map((phrase) => Buffer.from(phrase, MARKED.test(phrase) ? 'latin1' : 'utf8')),
);
