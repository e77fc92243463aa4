import { Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { operationEnds, watching } from '../follow.ts'
import { table } from '../table.ts'
import { flag, option, type Verb } from '../verb.ts'

export const serviceCreate: Verb = {
  name: 'service create',
  form: 'NAME [--location NAME] [--label TEXT]',
  about: 'Creates a cloud service: the name under which deployments are reached.',
  options: { location: { type: 'string' }, label: { type: 'string' } },
  words: [1, 1],
  async run(call) {
    const [name = ''] = call.words
    const wanted = { location: option(call, 'location'), label: option(call, 'label') }
    await openServiceManagement(call.api()).createService(name, wanted)
    call.terminal.line(`Created the cloud service "${name}".`)
    call.terminal.object({ service: name })
  },
}

export const serviceList: Verb = {
  name: 'service list',
  form: '',
  about: 'Lists the cloud services of the subscription.',
  options: {},
  words: [0, 0],
  async run({ api, terminal }) {
    const services = await openServiceManagement(api()).services()
    const found = services.map(({ name, label, status, location, created }) => ({
      name,
      label,
      status,
      location,
      created,
    }))
    terminal.object({ services: found })
    if (found.length === 0) terminal.line('There are no cloud services. Create one with: reddog service create NAME')
    else {
      const heading = ['NAME', 'LABEL', 'STATUS', 'LOCATION', 'CREATED']
      for (const line of table([heading, ...found.map(Object.values<string>)])) terminal.line(line)
    }
  },
}

export const serviceShow: Verb = {
  name: 'service show',
  form: 'NAME',
  about: 'Shows a cloud service and its deployments.',
  options: {},
  words: [1, 1],
  async run({ api, terminal, words: [name = ''] }) {
    const service = await openServiceManagement(api()).service(name)
    if (!service) throw new Failure(`No cloud service is called "${name}". See: reddog service list`)
    terminal.object(service)
    const facts = [
      ['name', service.name],
      ['label', service.label],
      ['status', service.status],
      ['location', service.location],
      ['created', service.created],
      ...service.deployments.map(({ slot, name, status }) => [slot.toLowerCase(), `${name} (${status})`]),
    ]
    for (const line of table(facts)) terminal.line(line)
  },
}

export const serviceDelete: Verb = {
  name: 'service delete',
  form: 'NAME [--with-deployments]',
  about: 'Deletes a cloud service; one that still has deployments only with --with-deployments.',
  options: { 'with-deployments': { type: 'boolean' } },
  words: [1, 1],
  async run(call) {
    const [name = ''] = call.words
    const withDeployments = flag(call, 'with-deployments')
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.deleteService(name, withDeployments)
    const left = async () => (await fabric.service(name))?.deployments ?? []
    await operationEnds(watching(call, fabric, name), operation, left)
    call.terminal.line(`Deleted the cloud service "${name}".`)
    call.terminal.object({ service: name })
  },
}
