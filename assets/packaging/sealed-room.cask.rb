cask "sealed-room" do
  arch arm: "arm64", intel: "x86_64"

  version "{{.Version}}"
  sha256 arm:   "{{.MacARM64.Sum}}",
         intel: "{{.MacAMD64.Sum}}"

  url "{{.Base}}/sealedroom-#{version}-macos-#{arch}.dmg"
  name "Sealed Room"
  desc "Playground for untrusted JavaScript in V8 isolates"
  homepage "{{.Homepage}}"

  depends_on macos: ">= :sonoma"

  app "Sealed Room.app"

  zap trash: "~/Library/Preferences/fyne/io.sealedroom.app"

  caveats <<~EOS
    The app is not notarized: macOS refuses it at first.
    System Settings > Privacy & Security > Open Anyway lets it start.
  EOS
end
