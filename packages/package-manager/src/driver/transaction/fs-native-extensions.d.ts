declare module "fs-native-extensions" {
  const locks: { readonly tryLock: (descriptor: number) => boolean }
  export default locks
}
