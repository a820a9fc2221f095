import assert from 'node:assert/strict'
import { canSendMail, sendMail } from '../../server/mail/mail.ts'
import type { Brick } from '../../server/brick.ts'
import { tools } from '../house.ts'
import { openPost, type Post } from './post.ts'

describe('mail', () => {
  let post: Post
  let brick: Brick
  before(async () => {
    post = await openPost(['nobody@museum.example.org'])
    const settings = { smtpUrl: post.url, mailFrom: 'brick@example.org', name: 'Musée "A"\n<b@x>' }
    brick = await tools(settings)
  })
  after(async () => {
    await brick.close()
    await post.close()
  })

  it('goes to one person, from this brick, in any language', async () => {
    const text =
      'Bonjour,\n\nhttps://museum.example.org/network/join/abc\n\nÀ bientôt : « la brique »\n'
    const mail = { to: 'keeper@museum.example.org', subject: 'Été – adhésion', text }
    assert.equal(await sendMail(brick.ctx, mail), true)
    const [received] = post.received
    assert.deepEqual(
      [received?.from, received?.to],
      ['brick@example.org', ['keeper@museum.example.org']],
    )
    assert.match(received?.text ?? '', /https:\/\/museum\.example\.org\/network\/join\/abc/)
    assert.match(received?.text ?? '', /À bientôt : « la brique »/)
    assert.match(received?.text ?? '', /^Auto-Submitted: auto-generated/m)
  })

  it('takes no recipient or header from what it is given as text', async () => {
    const count = post.received.length
    const subject = 'Hello\r\nBcc: other@museum.example.org'
    await sendMail(brick.ctx, { to: 'keeper@museum.example.org', subject, text: '.\r\nQUIT' })
    const [received, more] = post.received.slice(count)
    assert.deepEqual([received?.to, more], [['keeper@museum.example.org'], undefined])
    assert.doesNotMatch(received?.text ?? '', /^bcc:/im)
  })

  it('says when the server does not take it, and when there is none', async () => {
    const mail = { to: 'nobody@museum.example.org', subject: 'Hello', text: 'Hello' }
    await assert.rejects(sendMail(brick.ctx, mail), { code: 'unavailable' })
    const silent = await tools()
    assert.deepEqual([canSendMail(silent.ctx), await sendMail(silent.ctx, mail)], [false, false])
    await silent.close()
  })
})
