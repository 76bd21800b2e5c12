/** The services that the operations of pixi use. */
import type { Executable } from "@darb/package-manager/driver/Executable"
import type { makeOperations } from "@darb/package-manager/driver/Operations"
import type { Isolation } from "@darb/package-manager/driver/transaction/Isolation"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { Capabilities } from "../PixiVersion.js"
import type { Files, Lock, Workspace } from "./PixiFiles.js"

export interface PixiDriver extends ReturnType<typeof makeOperations<Workspace, Lock>> {
  readonly executable: Executable<Capabilities>
  readonly files: Files
  readonly isolation: Isolation
  readonly transaction: Transaction
}
