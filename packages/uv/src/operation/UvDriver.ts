/** The services that the operations of uv use. */
import type { Executable } from "@darb/package-manager/driver/Executable"
import type { makeOperations } from "@darb/package-manager/driver/Operations"
import type { Isolation } from "@darb/package-manager/driver/transaction/Isolation"
import type { Transaction } from "@darb/package-manager/driver/transaction/Transaction"
import type { UvLock } from "../lock/UvLock.js"
import type { Variables } from "../manifest/UvConfiguration.js"
import type { UvVersion } from "../UvVersion.js"
import type { Files, Project } from "./UvFiles.js"

export interface UvDriver extends ReturnType<typeof makeOperations<Project, UvLock>> {
  readonly executable: Executable<UvVersion>
  readonly files: Files
  readonly isolation: Isolation
  readonly transaction: Transaction
  readonly configuration: Variables
}
