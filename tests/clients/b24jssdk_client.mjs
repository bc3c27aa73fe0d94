// Drives the sandbox with @bitrix24/b24jssdk, the vendor's JavaScript SDK, as a server application would.
// Prints `ok NAME` for each step, and ends with status 1 at the first that fails.

import assert from 'node:assert/strict'
import { B24OAuth } from '@bitrix24/b24jssdk'

const HANDLER = 'https://bot.example.com/b24'
const EVENTS = [
  'OnImConnectorMessageAdd', 'OnImConnectorMessageUpdate', 'OnImConnectorMessageDelete', 'OnImConnectorDialogStart',
  'OnImConnectorDialogFinish', 'OnImConnectorStatusDelete', 'OnImConnectorLineDelete'
]

function setting(name) {
  const value = process.env[name]
  assert(value, `${name} is not set`)
  return value
}

async function control(path, body) {
  const response = await fetch(setting('SANDBOX_CONTROL') + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body)
  })
  assert.equal(response.status, 200)
}

const domain = setting('SANDBOX_DOMAIN')
const portal = new B24OAuth({
  applicationToken: setting('SANDBOX_APPLICATION_TOKEN'),
  userId: 1,
  memberId: '',
  accessToken: setting('SANDBOX_ACCESS_TOKEN'),
  refreshToken: setting('SANDBOX_REFRESH_TOKEN'),
  expires: Math.floor(Date.now() / 1000) + 3600,
  expiresIn: 3600,
  scope: 'imconnector',
  domain,
  clientEndpoint: `https://${domain}/rest/`,
  serverEndpoint: `${setting('SANDBOX_OAUTH_SERVER')}/rest/`,
  status: 'L'
}, { clientId: setting('SANDBOX_CLIENT_ID'), clientSecret: setting('SANDBOX_CLIENT_SECRET') })
portal.offClientSideWarning()

let renewed = 0
portal.setCallbackRefreshAuth(async ({ b24OAuthParams }) => {
  assert.notEqual(b24OAuthParams.refreshToken, setting('SANDBOX_REFRESH_TOKEN'))
  renewed += 1
})

async function call(method, params = {}) {
  const response = await portal.actions.v2.call.make({ method, params, requestId: method })
  assert(response.isSuccess, response.getErrorMessages().join('; '))
  return response.getData().result
}

const steps = {
  async 'whose-token'() {
    await portal.auth.initIsAdmin(portal.getHttpClient('v2'))
    assert.equal(portal.auth.isAdmin, true)
  },
  async 'bind-seven'() {
    for (const event of EVENTS) {
      assert.equal(await call('event.bind', { event, handler: HANDLER }), true)
    }
  },
  async 'list-seven'() {
    const rows = await call('event.get')
    assert.deepEqual(rows.map(row => row.event), EVENTS.map(event => event.toUpperCase()))
  },
  async 'duplicate-bind'() {
    const again = { method: 'event.bind', params: { event: EVENTS[0], handler: HANDLER }, requestId: 'again' }
    const outcome = await portal.actions.v2.call.make(again).then(
      response => response.getErrorMessages().join('; '),
      error => `${error.code}: ${error.message}`
    )
    assert.match(outcome, /ERROR_CORE|Handler already binded/)
  },
  async batch() {
    const response = await portal.actions.v2.batch.make({
      calls: { handlers: { method: 'event.get' }, application: { method: 'app.info' }, scopes: { method: 'scope' } },
      options: { isHaltOnError: true, returnAjaxResult: false, requestId: 'batch' }
    })
    assert(response.isSuccess, response.getErrorMessages().join('; '))
    const data = response.getData()
    assert.equal(data.handlers.length, EVENTS.length)
    assert.equal(data.application.INSTALLED, true)
    assert(data.scopes.includes('imconnector'))
  },
  async refresh() {
    await control('/faults', { kind: 'expired-token' })
    assert.equal((await call('event.get')).length, EVENTS.length)
    assert.equal(renewed, 1)
  },
  async offline() {
    assert.equal(await call('event.bind', { event: EVENTS[0], event_type: 'offline' }), true)
    await control('/events', { event: EVENTS[0], data: { n: 1 } })
    const lease = await call('event.offline.get', { clear: 0 })
    assert.equal(lease.events.length, 1)
    const [{ MESSAGE_ID: id }] = lease.events
    assert.equal(await call('event.offline.error', { process_id: lease.process_id, message_id: [id] }), true)
    const failed = await call('event.offline.get', { clear: 1, error: 1 })
    assert.equal(failed.events.length, 1)
    assert.deepEqual(await call('event.unbind', { event: EVENTS[0], event_type: 'offline' }), { count: 1 })
  },
  async 'unbind-all'() {
    for (const event of EVENTS) {
      assert.deepEqual(await call('event.unbind', { event, handler: HANDLER }), { count: 1 })
    }
    assert.deepEqual(await call('event.get'), [])
  }
}

for (const [name, step] of Object.entries(steps)) {
  try {
    await step()
  } catch (error) {
    console.error(error)
    console.error('FAILED', name)
    process.exit(1)
  }
  console.log('ok', name)
}
