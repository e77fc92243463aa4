import type { Gateway } from '../store/etcd/gateway.ts'
import { addLearner, listMembers, promoteMember, removeMember } from '../store/etcd/members.ts'

/** The members of etcd, as the controller changes them. */
export function etcdMembers(gateway: Gateway) {
  return {
    list: () => listMembers(gateway),
    addLearner: (memberUrl: string) => addLearner(gateway, memberUrl),
    promote: (id: string) => promoteMember(gateway, id),
    remove: (id: string) => removeMember(gateway, id),
  }
}
