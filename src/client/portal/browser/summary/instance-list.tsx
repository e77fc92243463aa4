import { makeStyles, Radio, RadioGroup, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Deployment, rolesWithoutEndpoint, type Slot } from '../../../service-management/answers.ts'
import type { Progress } from '../../../service-management/updates.ts'
import { type Group, type Grouping, groupsOf, readyCount } from './groups.ts'
import { InstanceItem } from './instance-item.tsx'
import { InstanceMenu, type OpenedMenu } from './instance-menu.tsx'

const useStyles = makeStyles({
  all: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
  grow: { flexGrow: 1 },
  group: { display: 'flex', columnGap: tokens.spacingHorizontalS, alignItems: 'baseline' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
})

interface InstanceListProps {
  readonly service: string
  readonly slot: Slot
  readonly deployment: Deployment
  readonly progress: Progress | undefined
}

/** The role instances of a deployment, by role or by upgrade domain. */
export function InstanceList({ service, slot, deployment, progress }: InstanceListProps) {
  const styles = useStyles()
  const { t } = useTranslation('summary')
  const [grouping, setGrouping] = useState<Grouping>('role')
  const [menu, setMenu] = useState<OpenedMenu>()
  const openMenu = useCallback((instance: string, button: HTMLElement) => setMenu({ instance, button }), [])
  const { instances } = deployment
  const seen = useMemo(() => new Map(progress?.instances.map((one) => [one.name, one])), [progress?.instances])
  const unreached = useMemo(() => rolesWithoutEndpoint(deployment), [deployment])
  return (
    <section className={styles.all} aria-label={t('instances.title')}>
      <div className={styles.head}>
        <Subtitle2 as="h3" className={styles.grow}>
          {t('instances.title')}
        </Subtitle2>
        <RadioGroup
          layout="horizontal"
          aria-label={t('instances.groupBy')}
          value={grouping}
          onChange={(_, { value }) => setGrouping(value as Grouping)}
        >
          <Radio value="role" label={t('instances.byRole')} />
          <Radio value="upgradeDomain" label={t('instances.byUpgradeDomain')} />
        </RadioGroup>
      </div>
      {groupsOf(instances, grouping).map(({ name, instances: members }) => (
        <div key={name}>
          <GroupHead grouping={grouping} name={name} instances={members.map((one) => seen.get(one.name) ?? one)} />
          <ul className={styles.list}>
            {members.map((instance) => (
              <InstanceItem
                key={instance.name}
                service={service}
                slot={slot}
                instance={instance}
                seen={seen.get(instance.name)}
                isReached={!unreached.has(instance.role)}
                onMenu={openMenu}
              />
            ))}
          </ul>
        </div>
      ))}
      <InstanceMenu service={service} slot={slot} opened={menu} onClose={() => setMenu(undefined)} />
    </section>
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
      <Text as="h4" weight="semibold">
        {grouping === 'role' ? name : t('instances.upgradeDomain', { number: name })}
      </Text>
      <Text size={200} className={styles.quiet}>
        {t('instances.ready', { ready: readyCount(instances), all: instances.length })}
      </Text>
    </div>
  )
}
