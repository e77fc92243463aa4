import { makeStyles, Text, tokens } from '@fluentui/react-components'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Deployment, type Instance, rolesWithoutEndpoint } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { type Group, type Grouping, groupsOf, readyCount } from './groups.ts'
import { InstanceItem } from './instance-item.tsx'
import { InstanceMenu, type OpenedMenu } from './instance-menu.tsx'
import { LongList } from './long-list.tsx'

const useStyles = makeStyles({
  group: { display: 'flex', columnGap: tokens.spacingHorizontalS, alignItems: 'baseline' },
  quiet: { color: tokens.colorNeutralForeground3 },
})

/** About how high an instance is, in pixels. */
const instanceHeight = 48

function nameOf({ name }: Instance): string {
  return name
}

/** What Get Progress says is known sooner than what Get Deployment says. */
function traitsOf(instance: Instance, seen: ProgressInstance | undefined, unreached: ReadonlySet<string>) {
  const { name, role, upgradeDomain, faultDomain, size, address } = instance
  const { status, details } = seen ?? instance
  const inRotation = unreached.has(role) ? undefined : seen?.inRotation
  return { name, status, details, upgradeDomain, faultDomain, size, address, host: seen?.host, inRotation }
}

type ProgressInstance = Progress['instances'][number]

interface InstanceListProps {
  readonly service: string
  readonly deployment: Deployment
  readonly progress: Progress | undefined
  readonly grouping: Grouping
}

/** The role instances of a deployment, by role or by upgrade domain. */
export function InstanceList({ service, deployment, progress, grouping }: InstanceListProps) {
  const [menu, setMenu] = useState<OpenedMenu>()
  const openMenu = useCallback((instance: string, button: HTMLElement) => setMenu({ instance, button }), [])
  const { slot, instances } = deployment
  const seen = useMemo(() => new Map(progress?.instances.map((one) => [one.name, one])), [progress?.instances])
  const unreached = useMemo(() => rolesWithoutEndpoint(deployment), [deployment])
  return (
    <>
      {groupsOf(instances, grouping).map(({ name, instances: members }) => (
        <div key={name}>
          <GroupHead grouping={grouping} name={name} instances={members.map((one) => seen.get(one.name) ?? one)} />
          <LongList items={members} keyOf={nameOf} itemHeight={instanceHeight}>
            {(instance) => (
              <InstanceItem
                {...traitsOf(instance, seen.get(instance.name), unreached)}
                service={service}
                slot={slot}
                onMenu={openMenu}
              />
            )}
          </LongList>
        </div>
      ))}
      <InstanceMenu
        service={service}
        slot={slot}
        instances={instances}
        opened={menu}
        onClose={() => setMenu(undefined)}
      />
    </>
  )
}

function GroupHead({
  grouping,
  name,
  instances,
}: Pick<Group, 'name'> & { grouping: Grouping; instances: readonly { readonly status: string }[] }) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  return (
    <div className={styles.group}>
      <Text as="h3" weight="semibold">
        {grouping === 'role' ? name : t('instances.upgradeDomain', { number: name })}
      </Text>
      <Text size={200} className={styles.quiet}>
        {t('instances.ready', { ready: readyCount(instances), all: instances.length })}
      </Text>
    </div>
  )
}
