import { pictureOfService } from '../picture.ts'
import { ask, operation } from './asking.ts'
import type { ScenarioCommand } from './scenario-command.ts'
import { roleOf } from './words.ts'

/** Commands of a user about services and their deployments. */
export const tenantCommands: readonly ScenarioCommand[] = [
  {
    form: /^create service (\S+)$/,
    run: (world, [service = '']) => ask(world, { kind: 'createService', service, label: '', extendedProperties: {} }),
  },
  {
    form: /^deploy( stopped)? (\S+) to (production|staging)(?: at address (\w+))?(?: over (\d+) upgrade domains)?( with Blast)?: (.+)$/,
    run: (world, [stopped, service = '', slot, address, domains, blast, roles = '']) =>
      ask(
        world,
        world.upload(
          {
            name: service,
            address,
            roles: roles.split(', ').map(roleOf),
            upgradeDomains: domains ? Number(domains) : undefined,
            blast: blast !== undefined,
          },
          { service, slot: slot === 'production' ? 'Production' : 'Staging', start: !stopped },
        ),
      ),
  },
  {
    form: /^(suspend|resume) (\S+)$/,
    run: (world, [verb, service = '']) =>
      ask(world, {
        kind: 'updateDeploymentStatus',
        deployment: { service, slot: 'Production' },
        status: verb === 'suspend' ? 'Suspended' : 'Running',
      }),
  },
  {
    form: /^delete (staging of )?(\S+)$/,
    run: (world, [staging, service = '']) =>
      ask(world, { kind: 'deleteDeployment', deployment: { service, slot: staging ? 'Staging' : 'Production' } }),
  },
  {
    form: /^(reboot|reimage|rebuild) (\S+) of (\S+)$/,
    run: (world, [verb, instance = '', service = '']) =>
      ask(world, {
        kind: `${verb as 'reboot' | 'reimage' | 'rebuild'}Instance`,
        deployment: { service, slot: 'Production' },
        instance,
      }),
  },
  { form: /^operation (\d+)$/, run: (world, [number]) => [operation(world, Number(number))] },
  { form: /^status (\S+)$/, run: (world, [service = '']) => pictureOfService(world, service) },
]
