import type { MachineRecord } from './machine-record.ts'

/** What the greeting says of a machine among several, and how another joins. */
export function machineLines({ address, controller, vipRange }: MachineRecord): readonly (readonly string[])[] {
  return [
    ['address', `${address}, where the other machines reach it`],
    [
      'services',
      vipRange
        ? `on ${vipRange}, which move from machine to machine`
        : 'on addresses of loopback, each reached from its own machine alone; with --vip-range from everywhere',
    ],
    ...(controller
      ? [
          [
            'more machines',
            `there: reddog host join ${address} --token-file - [--controller]; here, for a token: reddog host token
                    three candidates bear the loss of one; one or two bear none`,
          ],
        ]
      : []),
  ]
}
