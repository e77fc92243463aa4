/**
 * Loaded before every Node program of a role (design.md 9.4): ordinary `listen(process.env.PORT)` then runs many times on
 * one machine, and a program written for Windows finds `process.env.port` and `reddog/runtime`.
 */
import { roleVariables } from '../contract/variables.ts'
import { environmentIgnoringCase } from './environment-ignoring-case.ts'
import { listenOnInstanceAddress, readPortMap } from './listen-on-instance-address.ts'
import { resolveRuntime } from './resolve-runtime.ts'

const address = process.env[roleVariables.listenAddress]
if (address) listenOnInstanceAddress(address, readPortMap(process.env[roleVariables.portMap] ?? ''))
resolveRuntime(new URL('./runtime.mjs', import.meta.url).href)
process.env = environmentIgnoringCase(process.env)
