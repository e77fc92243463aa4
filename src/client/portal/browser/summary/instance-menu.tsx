import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Instance, Slot } from '../../../service-management/answers.ts'
import { type Action, ActionDialog, actions } from '../instances/instance-actions.tsx'
import { isOnly } from '../instances/restarts.ts'

/** Of which instance, and at which button. */
export interface OpenedMenu {
  readonly instance: string
  readonly button: HTMLElement
}

interface InstanceMenuProps {
  readonly service: string
  readonly slot: Slot
  readonly instances: readonly Instance[]
  readonly opened: OpenedMenu | undefined
  readonly onClose: () => void
}

/** The one menu for all instances of a list: a menu for each of a thousand would make the page slow. */
export function InstanceMenu({ service, slot, instances, opened, onClose }: InstanceMenuProps) {
  const { t } = useTranslation('instances')
  const [asked, setAsked] = useState<{ readonly action: Action; readonly instance: string }>()
  return (
    <>
      <Menu
        open={opened !== undefined}
        positioning={{ target: opened?.button ?? null, position: 'below', align: 'end' }}
        onOpenChange={(_, { open }) => {
          if (open) return
          opened?.button.focus()
          onClose()
        }}
      >
        <MenuPopover>
          <MenuList>
            {actions.map((action) => (
              <MenuItem key={action} onClick={() => opened && setAsked({ action, instance: opened.instance })}>
                {t(`action.${action}.button`)}
              </MenuItem>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {asked && (
        <ActionDialog
          asked={asked.action}
          place={{ service, slot, instance: asked.instance }}
          isOnly={isOnly(instances, asked.instance)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}
