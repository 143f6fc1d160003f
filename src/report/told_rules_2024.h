/* Of told_rules.h: the sentences of data/precautions/practices-2024.yaml. */
/* CG24-P1 */
T("Keep drones in the security framework of the organisation, like other networked devices",
  "Mantenga los drones en el marco de seguridad de la organización, como los demás aparatos en red")
T("Every aircraft in the evidence with a serial number is in your inventory.",
  "Cada aeronave de la evidencia con número de serie está en su inventario.")
T("An aircraft in use is not among the assets that your organisation keeps.",
  "Una aeronave en uso no está entre los equipos que su organización tiene anotados.")
T("This evidence does not show whether the aircraft is kept as an asset of the organisation.",
  "Esta evidencia no muestra si la aeronave está anotada como equipo de la organización.")
T("Enter each aircraft in the inventory that your security framework works from.",
  "Anote cada aeronave en el inventario del que parte su marco de seguridad.")
T("Plan/Design", "Planificación y diseño")
/* CG24-P2 */
T("Isolate the drone's network, or segment it from others", "Aísle la red del dron, o sepárela de las otras")
T("Nothing in the captures crosses from the drone's network into another private one.",
  "Nada en las capturas pasa de la red del dron a otra privada.")
T("The drone's network is not isolated.", "La red del dron no está aislada.")
T("No traffic into another private network was seen, but not enough of the flight was captured to rely on that.",
  "No se vio tráfico hacia otra red privada, pero no se capturó bastante del vuelo para confiar en ello.")
T("Put drone equipment in a network segment of its own, with a rule that refuses all others.",
  "Ponga el equipo del dron en un segmento de red propio, con una regla que rechace todos los demás.")
/* CG24-P3 */
T("Let nothing out that is not named (zero trust)", "No deje salir nada que no esté nombrado (confianza cero)")
T("The network {0}.", "La red {0}.")
T("The firewall lets nothing out by default, and in the captures nobody answered whom the policy does not list.",
  "El cortafuegos no deja salir nada por defecto, y en las capturas no respondió nadie que la política no enumere.")
T("The network lets more out than the policy names.", "La red deja salir más de lo que nombra la política.")
T("This evidence does not show that a rule refuses what is not named, and that it works.",
  "Esta evidencia no muestra que una regla rechace lo que no está nombrado, ni que funcione.")
T("Refuse by default what goes out, name what may, and capture a flight behind that rule.",
  "Rechace por defecto lo que sale, nombre lo que puede salir, y capture un vuelo tras esa regla.")
/* CG24-P4 */
T("Use multi-factor log-in that cannot be phished",
  "Use un inicio de sesión multifactor resistente al engaño (phishing)")
T("{0} states that accounts are not protected so.", "{0} declara que las cuentas no están protegidas así.")
T("The record of it that the policy names is among the evidence.",
  "El registro de ello que nombra la política está entre la evidencia.")
T("By the policy's own statement, accounts are not protected so.",
  "Según declara la propia política, las cuentas no están protegidas así.")
T("No evidence of leash can show how people log in.",
  "Ninguna evidencia que lea leash puede mostrar cómo inician sesión las personas.")
T("Use passkeys or security keys for the maker's and your own accounts, and state in the policy who vouches.",
  "Use claves de acceso o llaves de seguridad en las cuentas del fabricante y en las suyas, y ponga en la política "
  "quién responde de ello.")
/* CG24-R1 */
T("Buy systems that are secure by design", "Compre sistemas seguros desde el diseño")
T("{0} states that the system has no such certificate.", "{0} declara que el sistema no tiene tal certificado.")
T("The certificate that the policy names is among the evidence.",
  "El certificado que nombra la política está entre la evidencia.")
T("By the policy's own statement, the system has no such certificate.",
  "Según declara la propia política, el sistema no tiene tal certificado.")
T("No certificate of the system is among the evidence.", "No hay ningún certificado del sistema entre la evidencia.")
T("Ask for the Blue UAS or Green UAS certificate, keep it with the evidence, and name it in the policy.",
  "Pida el certificado Blue UAS o Green UAS, guárdelo con la evidencia, y nómbrelo en la política.")
T("Procure", "Compra")
/* CG24-R2 */
T("Know where the equipment is made and which law governs its maker",
  "Sepa dónde se fabrica el equipo y qué ley rige a su fabricante")
T("The evidence names {0} made by {1} (headquarters: {2}); the policy does not list this maker as looked into.",
  "La evidencia nombra {0} de {1} (sede: {2}); la política no da por examinado a este fabricante.")
T("The makers of all aircraft in the evidence are listed in the policy as looked into.",
  "Los fabricantes de todas las aeronaves de la evidencia constan en la política como examinados.")
T("The evidence names a maker whom the policy does not list as looked into.",
  "La evidencia nombra un fabricante que la política no da por examinado.")
T("This evidence does not show whether the makers were looked into.",
  "Esta evidencia no muestra si se examinó a los fabricantes.")
T("Look into the maker's country and law, and list the maker in the policy (assessed_makers).",
  "Examine el país y la ley del fabricante, y añada el fabricante a la política (assessed_makers).")
/* CG24-R3 */
T("Review the privacy terms: where data is stored, and with whom it is shared",
  "Revise las condiciones de privacidad: dónde se guardan los datos y con quién se comparten")
T("{0} were addressed to {1} (owner: {2}, country of the owner: {3}, place: {4}), beyond the countries that the "
  "policy declares.",
  "{0} se dirigieron a {1} (dueño: {2}, país del dueño: {3}, lugar: {4}), fuera de los países que declara la "
  "política.")
T("Owners and places of all destinations are in the countries that the policy declares.",
  "Los dueños y lugares de todos los destinos están en los países que declara la política.")
T("Destinations beyond the declared countries were addressed: {0}.",
  "Se contactó con destinos fuera de los países declarados: {0}.")
T("This evidence does not show whether data stays with the countries of the privacy terms.",
  "Esta evidencia no muestra si los datos se quedan en los países de las condiciones de privacidad.")
T("Compare the countries of the report with the privacy terms, and state those you accept in the policy.",
  "Compare los países del informe con las condiciones de privacidad, y ponga en la política los que acepte.")
/* CG24-R4 */
T("Obtain bills of materials of software and hardware, and hold the product against them",
  "Consiga listas de materiales de software y hardware, y coteje el producto con ellas")
T("{0} ({1}) was found in the software, and the bill of materials does not list it.",
  "Se halló {0} ({1}) en los programas, y la lista de materiales no lo incluye.")
T("The bill of materials lists every part that was found in the software.",
  "La lista de materiales incluye cada pieza que se halló en los programas.")
T("The software holds parts that its bill of materials does not list.",
  "Los programas contienen piezas que su lista de materiales no incluye.")
T("No bill of materials, or no readable software to compare it with, is among the evidence.",
  "No hay entre la evidencia lista de materiales, o programas legibles con que compararla.")
T("Ask the maker for bills of materials in CycloneDX or SPDX, and audit them together with the app.",
  "Pida al fabricante listas de materiales en CycloneDX o SPDX, y audítelas junto con la aplicación.")
/* CG24-M1 */
T("Keep an inventory of hardware and software", "Lleve un inventario de hardware y software")
T("Every serial number in the evidence is in your inventory, and so is its software.",
  "Cada número de serie de la evidencia está en su inventario, y también sus programas.")
T("Equipment or software in the evidence is not in your inventory.",
  "Hay equipos o programas en la evidencia que no están en su inventario.")
T("This evidence does not tell what is in use, or the policy has no inventory to compare it with.",
  "Esta evidencia no dice qué está en uso, o la política no tiene inventario con que compararlo.")
T("Enter what the report names in the inventory, or find out whose it is.",
  "Anote en el inventario lo que nombra el informe, o averigüe de quién es.")
T("Maintain", "Mantenimiento")
/* CG24-M2 */
T("Look after known vulnerabilities", "Ocúpese de las vulnerabilidades conocidas")
T("{0} {1} is known to be vulnerable ({2}).", "{0} {1} consta como vulnerable ({2}).")
T("No version in the evidence is one that the policy knows to be vulnerable.",
  "Ninguna versión de la evidencia es una que la política conozca como vulnerable.")
T("The evidence holds software with a known vulnerability.",
  "La evidencia contiene programas con una vulnerabilidad conocida.")
T("This evidence does not tell versions, or the policy has no vulnerabilities to compare them with.",
  "Esta evidencia no dice versiones, o la política no tiene vulnerabilidades con que compararlas.")
T("Replace the versions that the report names, and keep the list in the policy up to date.",
  "Sustituya las versiones que nombra el informe, y mantenga al día la lista de la política.")
/* CG24-M3 */
T("Manage configurations and changes", "Gestione configuraciones y cambios")
T("The software in the evidence is that of the approved baseline.",
  "Los programas de la evidencia son los de la base aprobada.")
T("The software in the evidence differs from the approved baseline.",
  "Los programas de la evidencia difieren de la base aprobada.")
T("This evidence holds no software, or the policy has no baseline to compare it with.",
  "Esta evidencia no contiene programas, o la política no tiene base con que compararlos.")
T("Find out who changed what, and either go back or approve it.",
  "Averigüe quién cambió qué, y vuelva atrás o apruébelo.")
/* CG24-M4 */
T("Take firmware and patches from the maker or somebody trusted only",
  "Tome firmware y parches solo del fabricante o de alguien de confianza")
T("The software in this evidence came from the maker or somebody trusted, or is the approved release.",
  "Los programas de esta evidencia vinieron del fabricante o de alguien de confianza, o son la versión aprobada.")
T("Software came from elsewhere, or is not what was approved.",
  "Hay programas que vinieron de otra parte, o que no son lo aprobado.")
T("No software was seen being fetched, and none was given that could be compared.",
  "No se vio descargar ningún programa, ni se dio ninguno que pudiera compararse.")
T("Take updates from the maker's own site over HTTPS, and try them on a spare aircraft first.",
  "Tome las actualizaciones del sitio del fabricante por HTTPS, y pruébelas primero en una aeronave de reserva.")
/* CG24-M5 */
T("Analyse logs and check compliance from time to time",
  "Analice los registros y compruebe el cumplimiento de vez en cuando")
T("{0} ({1} days).", "{0} ({1} días).")
T("The last audit before this one was of {0}, within {1} days.",
  "La última auditoría antes de esta fue del {0}, dentro de {1} días.")
T("The last audit before this one is older than {0} days, or there is none.",
  "La última auditoría antes de esta es de hace más de {0} días, o no la hay.")
T("The policy does not say when you audited before.", "La política no dice cuándo hizo usted auditorías anteriores.")
T("Audit at regular times, keep the cases, and list them in the policy.",
  "Audite a intervalos regulares, conserve los casos, y anótelos en la política.")
/* CG24-M6 */
T("Train those who fly", "Forme a quienes vuelan")
T("{0} states that there is no such training.", "{0} declara que no hay tal formación.")
T("By the policy's own statement, there is no such training.",
  "Según declara la propia política, no hay tal formación.")
T("No evidence of leash can show who was trained.",
  "Ninguna evidencia que lea leash puede mostrar quién recibió formación.")
T("Train those who fly and maintain, and state in the policy who vouches for it.",
  "Forme a quienes vuelan y mantienen, y ponga en la política quién responde de ello.")
/* CG24-O1 */
T("Verify software and firmware versions before use", "Compruebe las versiones de software y firmware antes del uso")
T("The versions that the flight logs state are approved ones.",
  "Las versiones que indican los registros de vuelo están aprobadas.")
T("A flight was flown with a version that is not approved.", "Se voló con una versión que no está aprobada.")
T("This evidence does not tell with which versions was flown, or the policy does not say which are approved.",
  "Esta evidencia no dice con qué versiones se voló, o la política no dice cuáles están aprobadas.")
T("Compare the app's and the aircraft's versions with the approved ones before each flight.",
  "Compare las versiones de la aplicación y de la aeronave con las aprobadas antes de cada vuelo.")
T("Operate", "Operación")
T("This evidence does not show whether data is encrypted on its way and at rest.",
  "Esta evidencia no muestra si los datos se cifran en el camino y guardados.")
T("Encrypt cards and phones, and use the app's encrypted connections only.",
  "Cifre tarjetas y teléfonos, y use solo las conexiones cifradas de la aplicación.")
/* CG24-O3 */
T("Delete pictures, position history and telemetry from the aircraft after the transfer",
  "Borre imágenes, historial de posiciones y telemetría de la aeronave tras la transferencia")
T("{0} left on the card or phone as it was found, {1}.",
  "Quedaban {0} en la tarjeta o el teléfono tal como se halló, {1}.")
T("{0} found, none that should have been deleted.  Deleted files were not looked for.",
  "Se hallaron {0}, ninguno que debiera haberse borrado. No se buscaron ficheros borrados.")
T("Flight logs, photos or videos were left after the transfer.",
  "Quedaban registros de vuelo, fotos o vídeos tras la transferencia.")
T("This evidence does not show whether data is deleted after the transfer.",
  "Esta evidencia no muestra si los datos se borran tras la transferencia.")
T("Delete media, logs, thumbnails and the app's FlightRecord folder after each transfer.",
  "Borre medios, registros, miniaturas y la carpeta FlightRecord de la aplicación después de cada transferencia.")
/* CG24-O4 */
T("Take storage media out of the aircraft and lock them up",
  "Saque los soportes de datos de la aeronave y guárdelos bajo llave")
T("{0} states that storage media are not taken out and locked up.",
  "{0} declara que los soportes de datos no se sacan ni se guardan bajo llave.")
T("The custody record that the policy names is among the evidence.",
  "El registro de custodia que nombra la política está entre la evidencia.")
T("By the policy's own statement, storage media are not taken out and locked up.",
  "Según declara la propia política, los soportes de datos no se sacan ni se guardan bajo llave.")
T("No evidence of leash can show where storage media are kept.",
  "Ninguna evidencia que lea leash puede mostrar dónde se guardan los soportes de datos.")
T("Keep a custody record of each card, and name it in the policy.",
  "Lleve un registro de custodia de cada tarjeta, y nómbrelo en la política.")
/* CG24-O5 */
T("Use a VPN or other encryption on the control path", "Use una VPN u otro cifrado en la vía de control")
T("{0} to {1} by {2}, without a VPN, TLS or the like; {3} were sent.",
  "{0} a {1} por {2}, sin VPN, TLS ni similar; se enviaron {3}.")
T("{0} of what the controller sent lies within a VPN, TLS or the like.",
  "El {0} de lo que envió el mando va dentro de una VPN, TLS o similar.")
T("Part of the controller's traffic was not encrypted: {0}.", "Parte del tráfico del mando no estaba cifrada: {0}.")
T("This evidence does not show whether the control path is encrypted.",
  "Esta evidencia no muestra si la vía de control está cifrada.")
T("Run the controller's network through a VPN, and capture a flight.",
  "Lleve la red del mando por una VPN, y capture un vuelo.")
/* CG24-O6 */
T("Do not stream live to the internet", "No emita en directo a internet")
T("{0} were streamed to {1} ({2}).", "{0} se emitieron a {1} ({2}).")
T("Nothing in the captures is a live stream to a public address.",
  "Nada en las capturas es una emisión en directo a una dirección pública.")
T("A live stream left: {0}.", "Salió una emisión en directo: {0}.")
T("No live stream was seen, but the evidence does not suffice to rely on that.",
  "No se vio ninguna emisión en directo, pero la evidencia no basta para confiar en ello.")
T("Switch live streaming off, or allow the one destination that may have it in the policy.",
  "Apague la emisión en directo, o permita en la política el único destino que puede recibirla.")
/* BAA-1 */
T("Treat controller, phone and dock as points of attack", "Trate mando, teléfono y estación como puntos de ataque")
T("The equipment exchanged packets with no destination beyond those that the policy lists.",
  "El equipo no intercambió paquetes con ningún destino fuera de los que enumera la política.")
T("The equipment exchanged packets with destinations that the policy does not allow: {0}.",
  "El equipo intercambió paquetes con destinos que la política no permite: {0}.")
T("This evidence does not show whether the equipment only talks to whom it may.",
  "Esta evidencia no muestra si el equipo solo habla con quien puede.")
T("List in the policy whom your equipment may talk to, and block the rest at the gateway.",
  "Enumere en la política con quién puede hablar su equipo, y bloquee el resto en la pasarela.")
T("UAS Cybersecurity", "Ciberseguridad de UAS")
/* BAA-2 */
T("Verify every transaction, always (zero trust)", "Verifique cada transacción, siempre (confianza cero)")
/* BAA-3 */
T("Read the terms, refuse default options, run antivirus, keep off the enterprise network",
  "Lea las condiciones, rechace las opciones por defecto, use antivirus, manténgase fuera de la red de la "
  "organización")
T("By this evidence, what CISA asks of the installation of drone software (BP19-A) is met.",
  "Según esta evidencia, se cumple lo que CISA pide al instalar programas del dron (BP19-A).")
T("By this evidence, part of what CISA asks of the installation of drone software (BP19-A) is not met.",
  "Según esta evidencia, parte de lo que CISA pide al instalar programas del dron (BP19-A) no se cumple.")
T("Not all of what CISA asks of the installation of drone software (BP19-A) is shown by this evidence.",
  "Esta evidencia no muestra todo lo que CISA pide al instalar programas del dron (BP19-A).")
T("See BP19-A1 to BP19-A9.", "Véase de BP19-A1 a BP19-A9.")
/* BAA-4 */
T("Isolate, air-gap or segment networks", "Aísle, desconecte o segmente las redes")
T("Nothing in the captures reaches another private network or an internal service.",
  "Nada en las capturas alcanza otra red privada ni un servicio interno.")
T("Equipment in the captures was in contact with other private networks or internal services.",
  "Equipo de las capturas tuvo contacto con otras redes privadas o servicios internos.")
T("No contact with other private networks was seen, but the evidence does not suffice to rely on that.",
  "No se vio contacto con otras redes privadas, pero la evidencia no basta para confiar en ello.")
T("Separate the drone's network from all others, and state your internal networks in the policy.",
  "Separe la red del dron de todas las demás, y ponga en la política sus redes internas.")
