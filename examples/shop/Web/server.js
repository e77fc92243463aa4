// The site's program, behind the handler iisnode: it gets its place to listen in PORT, and URLs as clients have sent them.
const http = require('node:http')
const { RoleEnvironment } = require('reddog/runtime')

const products = { lamp: 40, chair: 90, shelf: 120 }

/** Asks the role Orders, at its internal endpoint. */
async function book(method, body) {
  const [{ endpoints }] = RoleEnvironment.roles.Orders
  const { address, port } = endpoints.find(({ name }) => name === 'Book')
  const answer = await fetch(`http://${address}:${port}/`, { method, body })
  return answer.text()
}

async function answer({ method, url }) {
  const [, place, product] = new URL(url, 'http://shop').pathname.split('/')
  if (place === '' || place === 'products') return page()
  if (place === 'orders' && method === 'GET') return { type: 'application/json', text: await book('GET') }
  if (place === 'orders' && method === 'POST' && Object.hasOwn(products, product))
    return { status: 201, type: 'application/json', text: await book('POST', product) }
  return { status: 404, type: 'text/plain', text: `There is no ${url}.\n` }
}

function page() {
  const rows = Object.entries(products).map(
    ([name, price]) =>
      `<li>${name}, ${price} <form method="post" action="/orders/${name}"><button>order</button></form></li>`,
  )
  const text = `<!doctype html><title>Shop</title><link rel="stylesheet" href="/static/shop.css"><h1>Shop</h1><ul>${rows.join('')}</ul>`
  return { type: 'text/html; charset=utf-8', text }
}

http
  .createServer(async (request, response) => {
    try {
      const { status = 200, type, text } = await answer(request)
      response.writeHead(status, { 'content-type': type }).end(text)
    } catch (error) {
      console.error(error)
      response.writeHead(503).end()
    }
  })
  .listen(process.env.PORT)
